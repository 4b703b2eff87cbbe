// Hashes that no one would write, drawn from a seed: good and bad parts of every kind, and what is done to links on their way.

/** A stream of numbers from 0 to 1 (mulberry32). */
export function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const RECIPES = ['teaching-assistant', 'ensemble', 'hinton-2015', 'fitnets-hint', 'several-tasks'];

/** Parts that a page takes over, with values that no recipe has: what is as in the recipe stands in no link. */
const GOOD = [
  (whole) => ['recipe', RECIPES[whole(RECIPES.length)]],
  (whole) => ['seed', String(1000 + whole(9000))],
  (whole) => ['training.epochs', String(301 + whole(100))],
  () => ['training.batch_size', '97'],
  () => ['transfer_set.digits', '641'],
  () => ['data.evaluated', '501'],
  () => ['models.student.net.mlp.hidden', '[17,11]'],
  () => ['models.student.objective.temperature', '7.25'],
  () => ['models.constructor', '{"net":{"mlp":{"hidden":[9]}}}'],
  () => ['view.t', '2.35'],
  () => ['view.log', 'true'],
  (whole) => ['view.digit', String(whole(10_000))],
  () => ['view.sort', 'label'],
  (whole) => ['view.only', String(whole(10))],
  () => ['view.like', '7'],
  () => ['view.lang', 'en'],
  () => ['view.theme', 'dark'],
];

const DEEP = `${'['.repeat(3000)}1${']'.repeat(3000)}`;
const VALUES = [
  'x',
  'abc',
  '-1',
  '1e999',
  '-0.5',
  'NaN',
  'null',
  '"',
  '{}',
  '{"a":{"__proto__":1}}',
  '[[[[]]]]',
  '[0,-1]',
  DEEP,
  '%',
  '%F0%9F%98%80',
  '٣',
  'Ω'.repeat(500),
  '99999999999999999999',
];

/** Parts that no page can take over, whatever stands in them. */
const BAD = [
  ...['view.t', 'view.log', 'view.digit', 'view.sort', 'view.engine', 'view.lang', 'view.theme'].map(
    (path) => (value) => [path, value === 'null' ? 'x' : value],
  ),
  (value) => ['view.colour', value],
  (value) => ['view.__proto__', value],
  (value) => ['recipe', `no-${value.slice(0, 20)}`],
  (value) => ['nonsense', value],
  (value) => ['__proto__', value],
  (value) => ['__proto__.polluted', value],
  (value) => ['constructor.prototype.polluted', value],
  (value) => ['models.student.nonsense.deeper', value],
  (value) => [`${'deep.'.repeat(2000)}er`, value],
  () => ['seed', 'abc'],
  () => ['training.epochs', '-3'],
  () => ['training.epochs', '2.5'],
  () => ['transfer_set.digits', '{"many":[1,2]}'],
  () => ['models.__proto__', '{"net":{"mlp":{}}}'],
  () => ['models', '3'],
  () => ['training', '[]'],
];

const REWRITES = [
  (hash) => hash,
  (hash) => encodeURIComponent(hash),
  (hash) => encodeURIComponent(encodeURIComponent(hash)),
  (hash) => hash.replaceAll('&', '&amp;'),
  (hash) => hash.replaceAll('&', '%26'),
  (hash) => `${hash}).`,
  (hash) => `${hash}\u200b`,
  (hash) => `!${hash}`,
  (hash) => `/${hash}&`,
];

/**
 * One hash: its text, and the parts it was made of as `{path, good}`; `broken`: letters have been lost or added, so that
 * nobody can say any more what it means.
 */
export function oddHash(next) {
  const whole = (below) => Math.floor(next() * below);
  const pick = (list) => list[whole(list.length)];
  const parts = Array.from({ length: whole(6) }, () => {
    if (next() < 0.5) return { good: true, pair: pick(GOOD)(whole) };
    return { good: false, pair: pick(BAD)(pick(VALUES)) };
  });
  const encoded = parts.map(
    ({ pair: [path, value] }) => `${encodeURIComponent(path)}=${encodeURIComponent(value)}`,
  );
  const hash = pick(REWRITES)(encoded.join('&'));
  const told = parts.map(({ good, pair }) => ({ good, path: pair[0] }));
  if (next() < 0.7) return { hash, parts: told, broken: false };
  return { hash: broken(hash, whole), parts: told, broken: true };
}

const STRAYS = [
  '%',
  '=',
  '&',
  '#',
  '.',
  '%E0%A4%A',
  '\u0000',
  '😀',
  '__proto__',
  '{',
  '"',
  '%25',
  '\ud800',
  '=&=',
  '+',
];

/** With a few letters lost, doubled, or replaced by strays. */
function broken(hash, whole) {
  let text = hash.slice(0, 4000);
  for (let times = 1 + whole(4); times > 0; times -= 1) {
    const at = whole(text.length + 1);
    const lost = whole(3);
    text = `${text.slice(0, at)}${STRAYS[whole(STRAYS.length)]}${text.slice(at + lost)}`;
  }
  return text;
}
