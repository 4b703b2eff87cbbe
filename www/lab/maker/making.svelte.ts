/** The lesson that is being written: every change of it, back and forth, what is wrong with it, and what it can ask of the page. */

import { type Locale, locale } from '../../i18n/locale.svelte';
import {
  type DraftStep,
  emptyLesson,
  emptyStep,
  keptBefore,
  moved,
  stepsIn,
  textIn,
  written,
} from '../../lessons/draft';
import { readFact, type Sources } from '../../lessons/facts';
import type { Settings, Step } from '../../lessons/lesson';
import { type LessonProblem, readLesson } from '../../lessons/validate';
import { isBranch, type Json } from '../../model/paths';
import { valueAt, withValueAt } from '../../model/places';
import { History } from '../../state/history.svelte';
import { keepDraft, keptDraft } from '../../state/kept-draft';
import type { PageStore } from '../../state/page-store';
import { FollowedDigit } from '../parts/followed-digit.svelte';
import { sourcesOf } from '../parts/lesson-sources';
import { type FactGroup, factList, GROUP_NAMES } from './fact-list';
import type { Values } from './proposals';

/** In which languages texts are written; both: one field for each. */
export type Writing = Locale | 'both';

export class Making {
  draft = $state.raw<Json>(null);
  /** The step that is edited; null: the lesson as a whole. */
  chosen = $state<number | null>(null);
  writing = $state<Writing>(locale());
  /** Whether the browser keeps the draft. */
  isKept = $state(true);
  /** Facts as they were when the visitor last left for the lab, or came here first. */
  before = $state.raw<Values>(new Map());
  events = $state.raw<Readonly<Record<string, number>>>({});
  readonly history = new History<Json>();
  readonly digit: FollowedDigit;
  readonly read = $derived(readLesson(this.draft));
  readonly steps = $derived(stepsIn(this.draft));
  readonly problems: readonly LessonProblem[] = $derived(this.read.problems);
  /** The languages that have a field. */
  readonly languages: readonly Locale[] = $derived(this.writing === 'both' ? ['en', 'zh'] : [this.writing]);
  readonly facts = $derived.by(() =>
    factList(this.store.experiment.config, keptBefore(this.steps, this.chosen ?? 0)),
  );

  constructor(readonly store: PageStore) {
    this.digit = new FollowedDigit(store);
    this.draft = keptDraft() ?? emptyLesson(store.experiment.settings(store.view));
  }

  readonly sources: Sources = $derived.by(() =>
    sourcesOf(this.store, { digit: this.digit.shown, events: this.events, kept: {} }),
  );

  /** What every fact is now. */
  readonly values: Values = $derived.by(() => {
    const names = (Object.keys(GROUP_NAMES) as FactGroup[]).flatMap((group) => this.facts[group]);
    return new Map(names.map((name) => [name, readFact(name, this.sources)]));
  });

  /** From now on counts as having just happened. */
  watch(): void {
    this.events = {};
    this.before = this.values;
  }

  get(path: string): Json | undefined {
    return valueAt(this.draft, path);
  }

  set(path: string, value: Json | undefined): void {
    this.#become(withValueAt(this.draft, path, value), path);
  }

  /** Writes a text in one language; the other follows as long as nobody has written it. */
  write(path: string, language: Locale, words: string): void {
    const text = written(textIn(this.get(path)), language, words);
    this.#become(withValueAt(this.draft, path, text), `${path}.${language}`);
  }

  /** Another lesson in place of this one; undo brings it back. */
  take(lesson: Json): void {
    this.chosen = null;
    this.#become(lesson, null);
  }

  /** An empty lesson that begins with what the page shows. */
  get fresh(): Json {
    return emptyLesson(this.settingsNow);
  }

  get settingsNow(): Settings {
    return this.store.experiment.settings(this.store.view);
  }

  /** A step behind the one that is edited, or behind all. */
  add(kind: Step['kind']): void {
    const place = this.chosen === null ? this.steps.length : this.chosen + 1;
    const step = emptyStep(kind, this.steps.slice(0, place));
    this.#withSteps(this.steps.toSpliced(place, 0, step));
    this.chosen = place;
  }

  remove(place: number): void {
    const left = this.steps.toSpliced(place, 1);
    this.#withSteps(left);
    this.chosen = left.length === 0 ? null : Math.min(place, left.length - 1);
  }

  move(place: number, to: number): void {
    if (to < 0 || to >= this.steps.length) return;
    this.#withSteps(moved(this.steps, place, to));
    this.chosen = to;
  }

  #withSteps(steps: readonly DraftStep[]): void {
    const draft = isBranch(this.draft) ? this.draft : {};
    this.#become({ ...draft, steps: [...steps] }, null);
  }

  undo(): void {
    this.#show(this.history.undo(this.draft));
  }

  redo(): void {
    this.#show(this.history.redo(this.draft));
  }

  #become(draft: Json, field: string | null): void {
    this.history.note(this.draft, field);
    this.#show(draft);
  }

  #show(draft: Json | null): void {
    if (draft === null) return;
    this.draft = draft;
    if (this.chosen !== null && this.chosen >= this.steps.length) this.chosen = null;
    this.isKept = keepDraft(draft);
  }

  /** What is wrong with a field, or with something in it. */
  problemsAt(path: string): LessonProblem[] {
    return this.problems.filter((problem) => {
      const at = pathOf(problem);
      return at === path || at.startsWith(`${path}.`) || at.startsWith(`${path}[`);
    });
  }
}

/** Where a problem is in the whole lesson. */
export function pathOf({ step, path }: LessonProblem): string {
  return step === null ? path : `steps[${step - 1}].${path}`;
}

/** Whether nothing stands there yet, which is no mistake of a lesson in the making. */
export function isMissing({ value, allowed }: LessonProblem): boolean {
  return ['', '""', 'null'].includes(value) || (allowed.code === 'entries' && value === '[]');
}
