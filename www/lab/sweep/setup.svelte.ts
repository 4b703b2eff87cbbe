/** What the form of many races is set to: up to two fields with their values, seeds and engines. */

import type { Config, Grid } from '../../engine/generated/types';
import { own } from '../../model/own';
import type { PageStore } from '../../state/page-store';
import { MOST_ENGINES, onValidation, Sweep } from '../../state/sweep.svelte';
import { otherFields, parseValues, type SweepField, sweepFields, withField } from './fields';
import type { Preset } from './presets';

export const MOST_SEEDS = 1000;
const SEEDS = 3;
/** Chosen in place of a field. */
export const NOTHING = '';

interface Axis {
  readonly field: SweepField;
  readonly text: string;
  /** Null while the text is no list of numbers. */
  readonly values: readonly number[] | null;
}

function isOutside(value: number | null, most: number): boolean {
  return value === null || !Number.isInteger(value) || value < 1 || value > most;
}

export class SweepSetup {
  seeds = $state<number | null>(SEEDS);
  engines = $state<number | null>(Sweep.suggestedEngines);
  /** What was chosen; null before that, for what is proposed. */
  #first = $state<string | null>(null);
  #second = $state(NOTHING);
  /** What was typed, by field; before that, what is proposed. */
  #typed = $state<Record<string, string>>({});
  readonly #config: () => Config | null;

  constructor({ experiment }: Pick<PageStore, 'experiment'>) {
    this.#config = () => experiment.config;
  }

  readonly telling: readonly SweepField[] = $derived.by(() => {
    const config = this.#config();
    return config ? sweepFields(config) : [];
  });

  readonly others: readonly SweepField[] = $derived.by(() => {
    const config = this.#config();
    return config ? otherFields(config) : [];
  });

  readonly axes: readonly Axis[] = $derived.by(() => {
    if (this.#first === NOTHING) return [];
    const all = [...this.telling, ...this.others];
    const first = all.find(({ path }) => path === this.#first) ?? all[0];
    const second = all.find(({ path }) => path === this.#second);
    return [first, second === first ? undefined : second].flatMap((field) => {
      if (!field) return [];
      const text = own(this.#typed, field.path) ?? field.proposed.join(', ');
      return [{ field, text, values: parseValues(text) }];
    });
  });

  get areSeedsWrong(): boolean {
    return isOutside(this.seeds, MOST_SEEDS);
  }

  get areEnginesWrong(): boolean {
    return isOutside(this.engines, MOST_ENGINES);
  }

  get isWrong(): boolean {
    return this.areSeedsWrong || this.areEnginesWrong || this.axes.some(({ values }) => values === null);
  }

  /** How many races there would be; null while something is wrong. */
  get races(): number | null {
    if (this.isWrong) return null;
    return this.axes.reduce((product, { values }) => product * (values?.length ?? 0), this.seeds ?? 0);
  }

  choose(axis: 0 | 1, path: string): void {
    if (axis === 1) this.#second = path;
    else {
      this.#first = path;
      if (path === NOTHING || path === this.#second) this.#second = NOTHING;
    }
  }

  type(path: string, text: string): void {
    this.#typed[path] = text;
  }

  use({ axes: [first, second] }: Preset): void {
    this.#first = first.path;
    this.#second = second.path;
    for (const { path, values } of [first, second]) this.#typed[path] = values.join(', ');
  }

  /** What was typed for one recipe is no answer to another, and what was wrong in it goes with it. */
  forget(): void {
    this.#typed = {};
    if (this.areSeedsWrong) this.seeds = SEEDS;
    if (this.areEnginesWrong) this.engines = Sweep.suggestedEngines;
  }

  /** What is to be run; null while something is wrong. */
  grid(): Grid | null {
    const config = this.#config();
    if (!config || this.isWrong || this.seeds === null) return null;
    const ready = this.axes.reduce((base, { field, values }) => withField(base, field, values ?? []), config);
    const fields = this.axes.map(({ field, values }) => [field.path, (values ?? []).map(field.toJson)]);
    return { config: onValidation(ready), fields: Object.fromEntries(fields), seeds: this.seeds };
  }
}
