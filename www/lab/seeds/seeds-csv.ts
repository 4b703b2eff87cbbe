/** Several seeds as a table for spreadsheets: a line a seed, with the errors of each model and McNemar's test of each pair. */

import { csvText } from '../../model/csv';
import type { SeedFigures } from '../../model/seed-figures';

export function seedsCsv({ seeds, evaluated, models, duels }: SeedFigures): string {
  const head = [
    ...['seed', 'evaluated', ...models.map(({ model }) => `errors_${model}`)],
    ...duels.flatMap(({ a, b }) => [`only_${a}_wrong_of_${b}`, `only_${b}_wrong_of_${a}`, `p_${a}_${b}`]),
  ];
  const rows = seeds.map((seed, at) => [
    ...[seed, evaluated, ...models.map(({ errors }) => errors[at])],
    ...duels.flatMap(({ pairs }) => [pairs[at]?.onlyA, pairs[at]?.onlyB, pairs[at]?.p]),
  ]);
  return csvText([head, ...rows]);
}
