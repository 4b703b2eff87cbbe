import { expect, test } from 'vitest';
import type { Config } from '../engine/generated/types';
import { DEFAULT_VIEW } from '../model/view';
import { applyChanges, formatHash, hashOfSettings, parseHash, settingsNow } from './hash';

const config = {
  version: 1,
  seed: 1,
  transfer_set: { digits: 10_000, leave_out: [], jitter_px: 0 },
  training: { epochs: 10, batch_size: 128, learning_rate: { cosine: { from: 0.003, to: 0 } } },
  models: {
    teacher: { net: { cnn: {} }, init: { pretrained: 'mnist-cnn' } },
    student: {
      net: { mlp: { hidden: [30, 30] } },
      learns_from: [{ model: 'teacher' }],
      objective: { hard_weight: 0.1, temperature: 4 },
    },
  },
} as unknown as Config;
const recipe = { name: 'first-race', config };

/** Writes a setting to a hash, reads that back and gives the config it describes. */
function thereAndBack(changed: Config): Config {
  const hash = formatHash(recipe, true, changed, DEFAULT_VIEW);
  return applyChanges(config, parseHash(hash).changes).config;
}

test('a setting equal to the default recipe leaves no trace in the URL', () => {
  expect(formatHash(recipe, true, config, DEFAULT_VIEW)).toBe('');
  expect(formatHash(recipe, false, config, DEFAULT_VIEW)).toBe('#recipe=first-race');
});

test('the hash holds what differs from the recipe, readable, and nothing else', () => {
  const changed = structuredClone(config);
  changed.seed = 3;
  Object.assign(changed.models.student!.objective!, { temperature: 8 });
  expect(formatHash(recipe, true, changed, { ...DEFAULT_VIEW, temperature: 2.5 })).toBe(
    '#recipe=first-race&seed=3&models.student.objective.temperature=8&view.t=2.5',
  );
});

test('numbers, lists, words, removed and added fields come back as they were', () => {
  const changed = structuredClone(config) as unknown as Record<string, never>;
  Object.assign(changed, {
    seed: 4_294_967_295,
    transfer_set: { digits: 500, leave_out: [3, 7], jitter_px: 0 },
    training: { epochs: 1, batch_size: 128, learning_rate: 0.01, early_stop: 2 },
    models: {
      student: { net: { same_as: 'true' }, init: { pretrained: '12' } },
      'new & strange=name': { net: { mlp: { hidden: [] } } },
    },
  });
  expect(thereAndBack(changed as unknown as Config)).toEqual(changed);
});

test('every part of the view comes back as it was', () => {
  const view = {
    temperature: 0.15,
    logAxis: true,
    digit: 247,
    sort: 'like',
    only: 2,
    like: 7,
    engine: 'webgpu',
    locale: 'zh',
    theme: 'dark',
    page: 'runs',
    result: '0123456789abcdef',
    projector: 'try',
  } as const;
  const parsed = parseHash(formatHash(recipe, true, config, view));
  expect(parsed.view).toEqual(view);
  expect(parsed.refused).toEqual([]);
});

test('a link may set every temperature of the slider, from 0.1 to 20, and none beyond', () => {
  const taken = (t: string) => parseHash(`#view.t=${t}`).view.temperature;
  expect(['0.1', '0.35', '20'].map(taken)).toEqual([0.1, 0.35, 20]);
  expect(['0.09', '0', '20.5'].map(taken)).toEqual(new Array(3).fill(DEFAULT_VIEW.temperature));
});

test('a bad view setting is refused by name and the others are taken', () => {
  const { view, refused } = parseHash(
    '#view.t=99&view.log=true&view.sort=sideways&view.colour=red&view.digit=1.5',
  );
  expect(view).toEqual({ ...DEFAULT_VIEW, logAxis: true });
  expect(refused.map(({ path, value }) => [path, value])).toEqual([
    ['view.t', '99'],
    ['view.sort', 'sideways'],
    ['view.colour', 'red'],
    ['view.digit', '1.5'],
  ]);
  expect(refused[0]?.allowed).toEqual({ code: 'range', min: 0.1, max: 20 });
});

test('what no hash should hold does no harm', () => {
  const parsed = parseHash('#&&=&%E0%A4%A&__proto__.polluted=1&models.constructor.x=1&seed=NaN');
  expect(parsed.words).toEqual(['%E0%A4%A']);
  const { config: changed, refused } = applyChanges(config, parsed.changes);
  expect(refused.map(({ path }) => path)).toEqual(['']);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(Object.getPrototypeOf(changed)).toBe(Object.prototype);
  expect(Object.hasOwn(changed, '__proto__')).toBe(true);
});

test('names such as constructor and __proto__ are names', () => {
  const { changes } = parseHash(
    '#models.constructor={"net":{"same_as":"student"}}&models.constructor.seed=3',
  );
  const changed = applyChanges(config, changes).config;
  expect(Object.keys(changed.models)).toEqual(['teacher', 'student', 'constructor']);
  expect(Object.getOwnPropertyDescriptor(changed.models, 'constructor')?.value).toEqual({
    net: { same_as: 'student' },
    seed: 3,
  });
  expect(thereAndBack(changed)).toEqual(changed);
  expect(parseHash('#view.constructor=1').refused[0]?.path).toBe('view.constructor');
  expect(parseHash('#view.__proto__=1').refused[0]?.path).toBe('view.__proto__');
});

test('#view.t=x&view.t=y and #recipe=first-race&seed=abc&seed=abd: every duplicate is named', () => {
  const named = (hash: string) =>
    parseHash(hash).refused.map(({ path, value, because }) => [path, value, because]);
  expect(named('#view.t=x&view.t=y')).toEqual([
    ['view.t', 'x', 'said_again'],
    ['view.t', 'y', 'not_allowed'],
  ]);
  const { changes } = parseHash('#recipe=first-race&seed=abc&seed=abd');
  expect(changes).toEqual([{ path: 'seed', value: 'abd' }]);
  expect(named('#recipe=first-race&seed=abc&seed=abd')).toEqual([['seed', 'abc', 'said_again']]);
  expect(named('#seed=3&seed=3')).toEqual([]);
  expect(named('#recipe=a&recipe=b')).toEqual([['recipe', 'a', 'said_again']]);
});

test('a change that a later one replaces as a whole, or builds over, is named too', () => {
  const named = (hash: string) => parseHash(hash).refused.map(({ path }) => path);
  expect(named('#training.epochs=3&training={"epochs":4}')).toEqual(['training.epochs']);
  expect(named('#training=5&training.epochs=4')).toEqual(['training']);
  expect(named('#training={"epochs":4}&training.batch_size=64')).toEqual([]);
  expect(named('#training.learning_rate=&training.learning_rate.cosine={"from":1,"to":0}')).toEqual([]);
});

test('numbers that JSON cannot carry, and nesting without end, are refused by name', () => {
  const deep = `${'['.repeat(1000)}${']'.repeat(1000)}`;
  const { changes, refused } = parseHash(
    `#training.early_stop=1e999&transfer_set.leave_out=[1,-1e999]&seed=${deep}`,
  );
  expect(changes).toEqual([]);
  expect(refused.map(({ path }) => path)).toEqual(['training.early_stop', 'transfer_set.leave_out', 'seed']);
});

test('what stands now becomes settings of a lesson that bring it back, with what was taken away', () => {
  const changed = structuredClone(config) as unknown as Record<
    string,
    Record<string, Record<string, unknown>>
  >;
  Object.assign(changed.transfer_set!, { digits: 3000 });
  delete changed.models!.teacher;
  delete (changed.models!.student!.objective as Record<string, unknown>).temperature;
  const now = changed as unknown as Config;
  const view = { ...DEFAULT_VIEW, temperature: 1, digit: 80, theme: 'dark', page: 'make' } as const;
  const settings = settingsNow(recipe, now, view);
  expect(Object.keys(settings)).toEqual(['recipe', 'transfer_set.digits', 'models', 'view.t', 'view.digit']);
  const parsed = parseHash(hashOfSettings(settings, view));
  expect(parsed.refused).toEqual([]);
  expect(applyChanges(config, parsed.changes).config).toEqual(now);
  expect(parsed.view).toEqual({ ...view, page: 'lab' });
});

test('a lesson that came along stays in the address, and what only a visitor has chosen is no setting of it', () => {
  const packed = 'Ab-_9';
  const hash = formatHash(
    recipe,
    true,
    config,
    { ...DEFAULT_VIEW, projector: 'race' },
    { path: 'lesson.data', value: packed },
  );
  expect(hash).toBe('#lesson.data=Ab-_9&view.projector=race');
  expect(parseHash(hash)).toMatchObject({ packed, lesson: null, hasSettings: false, refused: [] });
});
