import { expect, test } from 'vitest';
import { canBeAbsent, initialValue, kindAt, variantAt } from './form';
import { isBranch, type Json } from './paths';
import { declared } from './schema';

test('each kind is known by what the declaration says', () => {
  const kinds = {
    seed: 'number',
    data: 'group',
    'data.set': 'choice',
    'training.learning_rate': 'schedule',
    'transfer_set.leave_out': 'numbers',
    'transfer_set.augment': 'list',
    'transfer_set.augment[0].by': 'choice',
    'models.a.net': 'choice',
    'models.a.net.same_as': 'name',
    'models.a.net.vit.shared': 'flag',
    'models.a.init.pretrained': 'name',
    'models.a.init.derive': 'group',
    'models.a.init.derive.by': 'choice',
    'models.a.learns_from': 'list',
    'models.a.learns_from[0]': 'group',
    'models.a.learns_from[0].weight': 'number',
    'models.a.objective.soft_weight': 'schedule',
    'models.a.compress[0]': 'choice',
    'models.a.compress[0].prune.kept': 'schedule',
    'models.a.training': 'group',
  };
  expect(Object.fromEntries(Object.keys(kinds).map((path) => [path, kindAt(path)?.kind]))).toEqual(kinds);
  expect(kindAt('models.a.depth')).toBeUndefined();
});

test('a network may be that of another model, or one of its own', () => {
  const kind = kindAt('models.a.net');
  expect(kind?.kind === 'choice' && kind.variants.map(({ name }) => name)).toEqual([
    'same_as',
    'mlp',
    'cnn',
    'vit',
    'rnn',
  ]);
});

test('what is added begins as by default, or as the least that it can be', () => {
  expect(initialValue('models.a.learns_from')).toEqual([{ model: '', weight: 1 }]);
  expect(initialValue('models.a.init.derive')).toEqual({ from: '', by: 'copy' });
  expect(initialValue('models.a.compress')).toEqual([
    { prune: { kept: 0.5, scope: 'global', by: 'magnitude' } },
  ]);
  expect(initialValue('training.max_norm')).toBe(0.01);
  expect(initialValue('models.a.objective.imitates')).toEqual([
    { by: 'hint', layers: [{ teacher: '', student: '' }], weight: 1 },
  ]);
  const kind = kindAt('models.a.net');
  const mlp = kind?.kind === 'choice' ? kind.variants[1]! : undefined;
  expect(mlp && variantAt('models.a.net', mlp)).toEqual({
    mlp: { hidden: [30, 30], dropout: 0, input_dropout: 0 },
  });
});

test('only what may be left out, and is nothing then, can be absent', () => {
  expect(
    ['models.a.init', 'models.a.training', 'training.max_norm', 'transfer_set.mixup_alpha'].map(canBeAbsent),
  ).toEqual([true, true, true, true]);
  expect(['models.a.net', 'training.epochs', 'transfer_set.pictures'].map(canBeAbsent)).toEqual([
    false,
    false,
    false,
  ]);
});

/** The types of fields that a form with everything added shows. */
function shownIn(path: string, found: Set<string>, depth = 0): void {
  const kind = kindAt(path);
  if (!kind || depth > 12) return;
  if (kind.kind === 'group') {
    for (const field of kind.fields) {
      found.add(field);
      shownIn(`${path}.${field}`, found, depth + 1);
    }
  } else if (kind.kind === 'choice') {
    for (const { name, settings } of kind.variants) {
      // What stands beside a choice of networks is a structure of one field, which the choice itself shows.
      found.add(name);
      if (settings) shownIn(`${path}.${name}`, found, depth + 1);
    }
  } else if (kind.kind === 'list') shownIn(`${path}[0]`, found, depth + 1);
}

test('the form shows every field that is declared', () => {
  const found = new Set(['version', 'seed', 'models', 'data', 'transfer_set', 'training']);
  for (const path of ['data', 'transfer_set', 'training', 'models.a']) shownIn(path, found);
  const missing = declared().fields.filter(({ name, type }) => type !== 'Point' && !found.has(name));
  expect(missing.map(({ type, name }) => `${type}.${name}`)).toEqual([]);
});

test('every field that may be added begins as a value of its kind', () => {
  const check = (path: string, value: Json): void => {
    const kind = kindAt(path)?.kind;
    if (kind === 'group') expect(isBranch(value), path).toBe(true);
    if (kind === 'list' || kind === 'numbers') expect(Array.isArray(value), path).toBe(true);
    if (kind === 'number') expect(typeof value, path).toBe('number');
  };
  for (const path of ['data', 'transfer_set', 'training', 'models.a', 'models.a.objective']) {
    const kind = kindAt(path);
    for (const field of kind?.kind === 'group' ? kind.fields : [])
      check(`${path}.${field}`, initialValue(`${path}.${field}`));
  }
});
