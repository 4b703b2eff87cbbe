/** What models take, as the tree draws it and tables have it. */

import type { Cost, ModelCost } from '../engine/generated/types';
import { own } from './own';

/** What each model takes, by name. */
export type Costs = Readonly<Record<string, ModelCost>>;

/** Of models that nothing was run with yet. */
export function untimed(costs: Readonly<Record<string, Cost>>): Costs {
  const names = Object.keys(costs);
  const unknown = { microseconds_a_digit: null, stored: null };
  return Object.fromEntries(names.map((name) => [name, { ...costs[name]!, ...unknown }]));
}

/** Bytes of a model's file: of the one it is stored in once that is known, else of its weights, four each. */
export function fileBytes({ bytes, stored }: Pick<ModelCost, 'bytes' | 'stored'>): number {
  return stored?.file_bytes ?? bytes;
}

/** A model's weights as a share of the largest one's, 0 to 1; 0 for one that is unknown. */
export function shareOfLargest(costs: Costs, model: string): number {
  const largest = Math.max(...Object.values(costs).map(({ weights }) => weights));
  return largest > 0 ? (own(costs, model)?.weights ?? 0) / largest : 0;
}
