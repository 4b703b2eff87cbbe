import { expect, test } from 'vitest';
import { valueAt, withValueAt } from './places';

const config = {
  seed: 1,
  models: { student: { learns_from: [{ model: 'a', weight: 1 }, { model: 'b' }], widths: [[1, 2], [3]] } },
};

test('a value is found through lists, and nothing where there is none', () => {
  expect(valueAt(config, 'models.student.learns_from[1].model')).toBe('b');
  expect(valueAt(config, 'models.student.learns_from[0]')).toEqual({ model: 'a', weight: 1 });
  expect(valueAt(config, 'models.student.widths[0][1]')).toBe(2);
  expect(valueAt(config, 'models.student.learns_from[2].model')).toBeUndefined();
  expect(valueAt(config, 'seed[0]')).toBeUndefined();
  expect(valueAt(config, 'seed')).toBe(1);
});

test('a value set in a list leaves everything else as it is, and the original untouched', () => {
  const changed = withValueAt(config, 'models.student.learns_from[0].weight', 2);
  expect(valueAt(changed, 'models.student.learns_from')).toEqual([{ model: 'a', weight: 2 }, { model: 'b' }]);
  expect(valueAt(withValueAt(config, 'models.student.widths[0][1]', 5), 'models.student.widths')).toEqual([
    [1, 5],
    [3],
  ]);
  expect(valueAt(config, 'models.student.learns_from[0].weight')).toBe(1);
});

test('undefined takes an item out, or a field away', () => {
  const without = withValueAt(config, 'models.student.learns_from[0]', undefined);
  expect(valueAt(without, 'models.student.learns_from')).toEqual([{ model: 'b' }]);
  const bare = withValueAt(config, 'models.student.learns_from[0].weight', undefined);
  expect(valueAt(bare, 'models.student.learns_from[0]')).toEqual({ model: 'a' });
});

test('a new item is one behind the last; a list that is none is no place', () => {
  const longer = withValueAt(config, 'models.student.learns_from[2]', { model: 'c' });
  expect(valueAt(longer, 'models.student.learns_from[2].model')).toBe('c');
  expect(() => withValueAt(config, 'seed[0]', 1)).toThrow(RangeError);
});
