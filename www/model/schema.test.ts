import { expect, test } from 'vitest';
import {
  canBeList,
  isField,
  isWhole,
  listRangeOf,
  rangeOf,
  variantOf,
  variantsOf,
  variantValue,
} from './schema';

test('ranges of the fields that the controls change are found in the schema', () => {
  expect(rangeOf('transfer_set.digits')).toEqual({ min: 1, max: 60_000 });
  expect(rangeOf('training.epochs')).toEqual({ min: 1, max: 500 });
  expect(rangeOf('training.batch_size')).toEqual({ min: 1, max: 2048 });
  expect(rangeOf('seed').min).toBe(0);
  expect(listRangeOf('models.student.net.mlp.hidden').item).toEqual({ min: 1, max: 2048 });
});

test('a path that leads nowhere has no range', () => {
  expect(rangeOf('training.nonsense.deeper')).toEqual({ min: undefined, max: undefined });
});

test('the schema tells fields from names that lead nowhere, constructor and __proto__ among them', () => {
  const fields = [
    'seed',
    'training.learning_rate.cosine.from',
    'models.student.net.mlp.hidden',
    'models.constructor',
  ];
  for (const path of fields) expect(isField(path), path).toBe(true);
  const others = [
    '',
    'seeds',
    'constructor',
    '__proto__',
    '__proto__.x',
    'training.toString',
    'models.student.nonsense',
  ];
  for (const path of others) expect(isField(path), path).toBe(false);
});

test('the schema tells where a list can stand', () => {
  for (const path of [
    'transfer_set.leave_out',
    'models.student.net.mlp.hidden',
    'models.student.learns_from',
  ])
    expect(canBeList(path), path).toBe(true);
  for (const path of ['training', 'seed', 'models.student', 'models.student.objective'])
    expect(canBeList(path), path).toBe(false);
});

test('a variant is written with its settings as by default, and known by its name', () => {
  const variants = variantsOf('SoftTerm');
  const values = variants.map(variantValue);
  expect(values).toContainEqual({ decoupled: { target: 1, non_target: 8 } });
  expect(values).toContain('kl');
  expect(values.map((value) => variantOf('SoftTerm', value))).toEqual(variants);
  for (const value of [undefined, null, 3, 'nonsense', {}])
    expect(variantOf('SoftTerm', value)).toBeUndefined();
});

test('the schema says which soft terms are in no nats and which have no temperature', () => {
  const comparing = variantsOf('SoftTerm').filter(({ comparesLogits }) => comparesLogits);
  expect(comparing.map(({ name }) => name)).toEqual(['logit_mse']);
  const without = variantsOf('SoftTerm').filter(({ hasTemperature }) => !hasTemperature);
  expect(without.map(({ name }) => name)).toEqual(['logit_mse', 'teacher_labels']);
});

test('whole numbers are told from others', () => {
  for (const path of ['seed', 'training.epochs', 'training.early_stop'])
    expect(isWhole(path), path).toBe(true);
  for (const path of ['training.weight_decay', 'training.learning_rate', 'nonsense'])
    expect(isWhole(path), path).toBe(false);
});
