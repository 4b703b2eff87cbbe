/** Who learnt from whom, and how near they have come. */

import type { Config } from '../../engine/generated/types';
import { agreementOf, meanDivergence } from '../../model/apart';
import { firstChoices } from '../../model/first-choices';
import { digitModels, neededBy, teachersOf } from '../../model/roles';

export interface Edge {
  readonly source: string;
  readonly learner: string;
  /** Whether the one teaches the other, rather than giving it weights or blocks to begin with. */
  readonly isTaught: boolean;
}

/** The edges of the family tree between models that tell digits, in the config's order. */
export function edgesOf(config: Config): Edge[] {
  const names = digitModels(config);
  return names.flatMap((learner) => {
    const model = config.models[learner];
    const taught = teachersOf(model);
    return neededBy(model)
      .filter((source) => names.includes(source))
      .map((source) => ({ source, learner, isTaught: taught.includes(source) }));
  });
}

export interface Apart {
  /** Digits with the same first choice, of so many. */
  readonly agreeing: number;
  readonly digits: number;
  /** Mean KL(source‖learner) in nats at a temperature. */
  readonly nats: number;
}

/** Null for no digits. */
export function apartAt(source: Float32Array, learner: Float32Array, temperature: number): Apart | null {
  const nats = meanDivergence(source, learner, temperature);
  if (nats === null) return null;
  const [a, b] = [firstChoices(source), firstChoices(learner)];
  return { agreeing: agreementOf(a, b), digits: a.length, nats };
}

/** Who is right where two models differ. */
export type Outcome = 'a' | 'b' | 'neither';

export const OUTCOMES: readonly Outcome[] = ['a', 'b', 'neither'];

/** Places on which two models' first choices differ, by who is right. */
export function disagreements(
  a: Uint8Array,
  b: Uint8Array,
  labels: Uint8Array,
): Readonly<Record<Outcome, readonly number[]>> {
  const places: Record<Outcome, number[]> = { a: [], b: [], neither: [] };
  a.forEach((choice, place) => {
    if (choice === b[place]) return;
    const outcome = choice === labels[place] ? 'a' : b[place] === labels[place] ? 'b' : 'neither';
    places[outcome].push(place);
  });
  return places;
}
