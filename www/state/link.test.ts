import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Config } from '../engine/generated/types';
import type { Json } from '../model/paths';
import { DEFAULT_VIEW } from '../model/view';
import { applyChanges, formatHash, parseHash } from './hash';

/** On a busy machine some hundred hashes take their time. */
const SLOW_MS = 30_000;

/** What a hash says, in short. */
function told(hash: string) {
  const { recipe, words, changes, view, refused } = parseHash(hash);
  expect(refused).toEqual([]);
  return {
    ...(recipe === null ? {} : { recipe }),
    ...(words.length > 0 ? { words } : {}),
    ...Object.fromEntries(changes.map(({ path, value }) => [path, value])),
    ...(view.temperature === DEFAULT_VIEW.temperature ? {} : { t: view.temperature }),
  };
}

const ASSISTANT = { recipe: 'teaching-assistant', seed: 3 };

test('#recipe%3Dteaching-assistant%26seed%3D3: a link that a chat program has encoded is read', () => {
  expect(told('#recipe%3Dteaching-assistant%26seed%3D3')).toEqual(ASSISTANT);
  expect(told('#recipe%3dteaching-assistant%26seed%3d3')).toEqual(ASSISTANT);
});

test('#first-race: a word alone may be the name of a recipe', () => {
  expect(told('#first-race')).toEqual({ words: ['first-race'] });
  expect(told('#First-Race).')).toEqual({ words: ['First-Race'] });
});

const REWRITTEN: readonly (readonly [string, string])[] = [
  ['encoded twice', '#recipe%253Dteaching-assistant%2526seed%253D3'],
  ['half encoded, the ampersand', '#recipe=teaching-assistant%26seed=3'],
  ['half encoded, the ampersand and what follows', '#recipe=teaching-assistant%26seed%3D3'],
  ['half encoded, one equals sign', '#recipe%3Dteaching-assistant&seed=3'],
  ['half encoded, the other', '#recipe=teaching-assistant&seed%3D3'],
  ['half encoded, the first pair with its ampersand', '#recipe%3Dteaching-assistant%26seed=3'],
  ['written as in HTML', '#recipe=teaching-assistant&amp;seed=3'],
  ['written as in HTML twice', '#recipe=teaching-assistant&amp;amp;seed=3'],
  ['written as in HTML by number', '#recipe=teaching-assistant&#38;seed=3'],
  ['written as in HTML, then encoded', '#recipe%3Dteaching-assistant%26amp%3Bseed%3D3'],
  ['with a bracket behind', '#recipe=teaching-assistant&seed=3)'],
  ['at the end of a sentence', '#recipe=teaching-assistant&seed=3.'],
  ['at the end of a Chinese sentence', '#recipe=teaching-assistant&seed=3）。'],
  ['between angle brackets', '#recipe=teaching-assistant&seed=3>'],
  ['in Markdown, bold', '#recipe=teaching-assistant&seed=3**'],
  ['at the end of a sentence, encoded', '#recipe=teaching-assistant&seed=3%29%2E'],
  ['with a zero-width space', '#recipe=teaching-assistant%E2%80%8B&seed=3%E2%80%8B'],
  ['with a zero-width space in a name', '#rec%E2%80%8Bipe=teaching-%EF%BB%BFassistant&se%E2%80%8Bed=3'],
  ['with spaces round it', '#%20recipe=teaching-assistant&%20seed=3%20'],
  ['with pluses for spaces', '#+recipe=teaching-assistant+&seed=3+'],
  ['broken over two lines', '#recipe=teaching-assistant&%0A%0Dseed=3'],
  ['in capitals', '#RECIPE=teaching-assistant&Seed=3'],
  ['after #!', '#!recipe=teaching-assistant&seed=3'],
  ['after #/', '#/recipe=teaching-assistant&seed=3'],
  ['after #?', '#?recipe=teaching-assistant&seed=3'],
  ['with a second #', '##recipe=teaching-assistant#seed=3'],
  ['with an ampersand at each end', '#&recipe=teaching-assistant&&seed=3&'],
];

test.each(REWRITTEN)('a link is read as it was meant: %s', (_, hash) => {
  expect(told(hash)).toEqual(ASSISTANT);
});

test('a query in the hash is a part like any other: what it says is named, and it spoils nothing', () => {
  expect(told('#recipe=teaching-assistant&seed=3?utm_source=chat')).toEqual({
    ...ASSISTANT,
    utm_source: 'chat',
  });
});

test('values survive what is done to links', () => {
  const widths = { 'models.student.net.mlp.hidden': [30, 30] };
  expect(told('#models.student.net.mlp.hidden=%5B30%2C30%5D')).toEqual(widths);
  expect(told('#models.student.net.mlp.hidden=%255B30%252C30%255D')).toEqual(widths);
  expect(told('#models.student.net.mlp.hidden=[30,+30]).')).toEqual(widths);
  expect(told('#models.student.net.mlp.hidden%3D%5B30%2C30%5D')).toEqual(widths);
  expect(told('#training.learning_rate=1e+0')).toEqual({ 'training.learning_rate': 1 });
  expect(told('#training.learning_rate=1e-3,')).toEqual({ 'training.learning_rate': 0.001 });
  expect(told('#view.t=2.5.')).toEqual({ t: 2.5 });
});

test('words of the view are read in capitals', () => {
  expect(parseHash('#VIEW.SORT=Label&view.theme=DARK').view).toEqual({
    ...DEFAULT_VIEW,
    sort: 'label',
    theme: 'dark',
  });
});

test('an encoding that never ends is given up by name, quickly', () => {
  const { words, changes } = parseHash(`#recipe%${'25'.repeat(20_000)}3Dx`);
  expect(words.length + changes.length).toBe(1);
});

test(
  'no hash makes the reading of it throw, or vanishes from the answer',
  () => {
    const odd = fc.array(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom(
          '=',
          '&',
          '%',
          '%3D',
          '%26',
          '%25',
          '#',
          '&amp;',
          '+',
          '__proto__',
          'constructor',
          'view.',
          '.',
          '[',
          '{',
        ),
        fc.constantFrom('recipe', 'seed', 'view.t', 'models.student', 'training.epochs'),
        fc.json(),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(odd, (parts) => {
        const { recipe, words, changes, refused } = parseHash(`#${parts.join('')}`);
        applyChanges({ models: {} } as unknown as Config, changes);
        const visible = parts.join('').replace(/%[0-9a-f]{2}|&(?:amp;)+|[^a-z]/gi, '');
        // `view.*` that is taken stands in the view; anything else with a letter in it is told.
        if (visible === '' || /view/.test(visible)) return;
        expect(Number(recipe !== null) + words.length + changes.length + refused.length).toBeGreaterThan(0);
      }),
      { numRuns: 400 },
    );
  },
  SLOW_MS,
);

/** A config's names: those of fields and of models. */
const name = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9_-]{0,12}$/),
  fc.constantFrom('constructor', 'hidden', 'valueof', '__proto__'),
);
// JSON has no −0, and `undefined` is no value.
const json = (depth: number): fc.Arbitrary<Json> => {
  const leaf = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '',
      'true',
      '12',
      'null',
      ' padded ',
      'a&b=c',
      '%41',
      '3)',
      '[1',
      '"',
      'a+b',
      '1e5',
      'cross_entropy',
    ),
  ) as fc.Arbitrary<Json>;
  if (depth === 0) return leaf;
  return fc.oneof(leaf, fc.array(json(depth - 1), { maxLength: 3 }), branch(depth - 1)) as fc.Arbitrary<Json>;
};
const branch = (depth: number): fc.Arbitrary<Json> =>
  fc
    .array(fc.tuple(name, json(depth)), { maxLength: 4 })
    .map((entries) => Object.fromEntries(entries) as Json);

test(
  'whatever differs from a recipe comes back from its hash as it was',
  () => {
    fc.assert(
      fc.property(branch(2), branch(2), (recipeConfig, changed) => {
        const config = recipeConfig as unknown as Config;
        const hash = formatHash(
          { name: 'first-race', config },
          true,
          changed as unknown as Config,
          DEFAULT_VIEW,
        );
        const { changes, refused } = parseHash(new URL(hash, 'http://localhost/').hash);
        expect(refused).toEqual([]);
        expect(applyChanges(config, changes).config).toEqual(changed);
      }),
      { numRuns: 400 },
    );
  },
  SLOW_MS,
);

test(
  'and still does when the whole link has been encoded on its way',
  () => {
    fc.assert(
      fc.property(branch(1), (changed) => {
        const config = {} as unknown as Config;
        const hash = formatHash(
          { name: 'first-race', config },
          false,
          changed as unknown as Config,
          DEFAULT_VIEW,
        );
        const { changes, refused } = parseHash(`#${encodeURIComponent(hash.slice(1))}`);
        expect(refused).toEqual([]);
        expect(applyChanges(config, changes).config).toEqual(changed);
      }),
    );
  },
  SLOW_MS,
);
