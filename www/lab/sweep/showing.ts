/** What a map shows in its cells, in colours and in words: the errors of a model, or how many fewer they are than another's. */

import { heat, inkOn } from '../../charts/heat';
import { count, measured, pValue, sentences } from '../../i18n/format';
import { m } from '../../i18n/messages';
import { modelName } from '../../model/names';
import type { Spread } from '../../model/over-seeds';
import type { Role } from '../../model/roles';
import { SIGNIFICANT } from '../../model/significance';
import type { MapCell } from './map-cells';

/** Where a map stands, in words. */
export interface Place {
  readonly across: string;
  readonly down: string;
  readonly of: (cell: MapCell) => string;
}

export interface Showing {
  /** What the grid is called. */
  readonly grid: string;
  /** Over the numbers of the table. */
  readonly tableMean: string;
  readonly tableP: string;
  /** A number as a cell has it. */
  readonly number: (mean: number) => string;
  readonly words: (cell: MapCell) => string;
  readonly colour: (mean: number) => { readonly background: string; readonly ink: string };
  /** The ends of the scale, from left to right, and the colours between them. */
  readonly legend: {
    readonly from: string;
    readonly to: string;
    readonly ramp: string;
    readonly best: string;
  };
  /** What the best cell says, and how many others are not told apart from it. */
  readonly sentence: (best: MapCell, evenCount: number, others: number) => string;
}

const spreadWords = ({ mean, deviation }: Spread, number: (value: number) => string): string =>
  deviation === null ? number(mean) : `${number(mean)} ± ${measured(deviation, 1)}`;

/** How a cell stands to the best, behind what it says of itself. */
function standingWords(
  cell: MapCell,
  words: Record<'best' | 'even' | 'apart', (told: { p: string }) => string>,
): string {
  const { standing, p } = cell;
  if (standing === 'best') return words.best({ p: '' });
  return standing === 'unknown' || p === null ? '' : words[standing]({ p: pValue(p, SIGNIFICANT) });
}

const meansOf = (cells: readonly MapCell[]): number[] =>
  cells.flatMap(({ spread }) => (spread ? [spread.mean] : []));

/** Few errors have the most colour. */
export function errorsShowing(
  cells: readonly MapCell[],
  { name, role, evaluated }: { readonly name: string; readonly role: Role; readonly evaluated: number },
  place: Place,
): Showing {
  const means = meansOf(cells);
  const [fewest, most] = means.length === 0 ? [0, 0] : [Math.min(...means), Math.max(...means)];
  const model = modelName(name);
  const shareOf = (mean: number): number => (most === fewest ? 1 : (most - mean) / (most - fewest));
  const decimals = (deviation: number | null): number => (deviation === null ? 0 : 1);
  return {
    grid: m.map_grid({ model, across: place.across, down: place.down }),
    tableMean: m.sweep_table_mean(),
    tableP: m.map_table_p(),
    number: count,
    words: (cell) => {
      const { spread, values } = cell;
      if (!spread) return m.map_cell_none({ cell: place.of(cell) });
      const mean = spreadWords(spread, (value) => measured(value, decimals(spread.deviation)));
      const first = m.map_cell({ cell: place.of(cell), model, mean, seeds: count(values.length) });
      const standing = { best: m.map_cell_best, even: m.map_cell_even, apart: m.map_cell_apart };
      return sentences(first, standingWords(cell, standing));
    },
    colour: (mean) => ({ background: heat(role, shareOf(mean)), ink: inkOn(role, shareOf(mean)) }),
    legend: {
      from: count(fewest),
      to: m.map_errors({ most: count(most) }),
      ramp: `${heat(role, 1)}, ${heat(role, 0)}`,
      best: m.map_fewest(),
    },
    sentence: (best, even, others) => {
      const mean = measured(best.spread?.mean ?? 0, 1);
      const seeds = count(best.values.length);
      const first = m.map_best({ model, cell: place.of(best), mean, seeds, evaluated: count(evaluated) });
      return others === 0
        ? first
        : sentences(first, m.map_even({ count: count(even), others: count(others) }));
    },
  };
}

const signed = (value: number, decimals: number): string => {
  const text = measured(Math.abs(value), decimals);
  if (Number(value.toFixed(decimals)) === 0) return text;
  return `${value > 0 ? '+' : '−'}${text}`;
};

/** More than the other's has the colour of another role; neither has any where the two are even. */
export function gainShowing(
  cells: readonly MapCell[],
  { name, role, against }: { readonly name: string; readonly role: Role; readonly against: string },
  place: Place,
): Showing {
  const reach = Math.max(0, ...meansOf(cells).map(Math.abs));
  const behind: Role = role === 'control' ? 'teacher' : 'control';
  const [model, other] = [modelName(name), modelName(against)];
  const colourOf = (mean: number): readonly [Role, number] => [
    mean < 0 ? behind : role,
    reach === 0 ? 0 : Math.abs(mean) / reach,
  ];
  return {
    grid: m.gain_grid({ model, other, across: place.across, down: place.down }),
    tableMean: m.gain_table_mean({ other }),
    tableP: m.gain_table_p(),
    number: (mean) => signed(mean, 0),
    words: (cell) => {
      const { spread, values } = cell;
      if (!spread) return m.map_cell_none({ cell: place.of(cell) });
      const told = { mean: Math.abs(spread.mean), deviation: spread.deviation };
      const gain = spreadWords(told, (value) => measured(value, spread.deviation === null ? 0 : 1));
      const say = spread.mean < 0 ? m.gain_cell_more : m.gain_cell_fewer;
      const first = say({ cell: place.of(cell), model, other, gain, seeds: count(values.length) });
      return sentences(
        first,
        standingWords(cell, { best: m.gain_best_here, even: m.gain_even_here, apart: m.gain_apart_here }),
      );
    },
    colour: (mean) => ({ background: heat(...colourOf(mean)), ink: inkOn(...colourOf(mean)) }),
    legend: {
      from: m.gain_more({ count: count(reach) }),
      to: m.gain_fewer({ count: count(reach), other }),
      ramp: `${heat(behind, 1)}, ${heat(role, 0)}, ${heat(role, 1)}`,
      best: m.gain_largest(),
    },
    sentence: (best, even, others) => {
      const { spread, values } = best;
      const gain = spreadWords(spread ?? { mean: 0, deviation: null }, (value) => signed(value, 1));
      const first = m.gain_best({ model, other, cell: place.of(best), gain, seeds: count(values.length) });
      if (others === 0) return first;
      const rest =
        values.length > 1 ? m.gain_even({ count: count(even), others: count(others) }) : m.gain_one_seed();
      return sentences(first, rest);
    },
  };
}
