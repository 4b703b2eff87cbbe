/** What a lesson is: a JSON file of this shape, which `validate.ts` checks. docs/lessons.md tells how to write one. */

import type { Locale } from '../i18n/locale.svelte';
import type { Json } from '../model/paths';

/** The same in both languages. What may stand in it beside words is in `markup.ts`. */
export type Text = Readonly<Record<Locale, string>>;

/** Parts of the page that a lesson may hide, and that a step may lead to. `bars`: what models answer, within the explorer. */
export const PARTS = ['explorer', 'bars', 'race', 'settings', 'step', 'try', 'sweep'] as const;
export type Part = (typeof PARTS)[number];

/** How a fact may stand to a value. Every comparison that is named has to hold. */
export const COMPARISONS = ['is', 'at_least', 'at_most', 'above', 'below'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** One fact of the page (`facts.ts`), and what it has to be. */
export type Condition = { readonly fact: string } & {
  readonly [comparison in Comparison]?: string | number | boolean;
};

/** What a link would say after its `#`: a recipe, fields of the config, parts of the view. */
export type Settings = Readonly<Record<string, Json>>;

interface Common {
  readonly text: Text;
  /** Whether the chosen digit stands beside the text. */
  readonly digit?: boolean;
  /** A line of its own, in Unicode. */
  readonly formula?: string;
  /** Taken over when the step is come to by going on; a race that is on show ends where they change the experiment. */
  readonly settings?: Settings;
  /** The part of the page that it is about. */
  readonly part?: Part;
  /** Parts that are out of sight at this step, beside the lesson's own. */
  readonly hide?: readonly Part[];
}

export interface ReadStep extends Common {
  readonly kind: 'read';
}

export interface Choice {
  readonly text: Text;
  /** When it turns out to be so; left out where the page cannot tell. */
  readonly when?: readonly Condition[];
}

/** Asks before anything is shown: one of several choices, or a number. */
export interface PredictStep extends Common {
  readonly kind: 'predict';
  /** What the answer is called in reveals and facts. */
  readonly name: string;
  readonly choices?: readonly Choice[];
  /** `measured` is the fact that it is about. */
  readonly number?: { readonly min: number; readonly max: number; readonly measured: string };
}

/** Asks for something to be done, and sees by itself when it is. */
export interface DoStep extends Common {
  readonly kind: 'do';
  readonly until: readonly Condition[];
  /** Facts to remember at that moment, by the name under which later steps have them (`kept.NAME`). */
  readonly keep?: Readonly<Record<string, string>>;
  /** Shown one after another, at request. */
  readonly hints?: readonly Text[];
  readonly solution?: Text;
}

/** Tells what came out: what was measured, what the paper says, what was predicted. */
export interface RevealStep extends Common {
  readonly kind: 'reveal';
  /** The name of the prediction that it answers. */
  readonly of?: string;
  readonly paper?: { readonly text: Text; readonly source: string };
}

export type Step = ReadStep | PredictStep | DoStep | RevealStep;

export interface Lesson {
  readonly title: Text;
  /** What it shows, in one sentence. */
  readonly claim: Text;
  readonly minutes: number;
  /** What it begins with. */
  readonly settings: Settings;
  /** Parts that are out of sight while it is open. What is hidden goes on as it would. */
  readonly hide?: readonly Part[];
  /** Fields of the config, or `recipe`, whose controls stand still while it is open. */
  readonly lock?: readonly string[];
  readonly steps: readonly Step[];
}
