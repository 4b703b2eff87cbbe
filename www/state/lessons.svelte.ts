/** Which lesson is open, and how far the visitor has come in each. It knows no lesson by its name. */

import type { Value } from '../lessons/facts';
import type { Lesson, Part, Settings } from '../lessons/lesson';
import { WELCOME } from '../lessons/list';
import { type Answer, type LessonProgress, merged, type Progress, UNBEGUN } from '../lessons/progress';
import type { LessonProblem, Read } from '../lessons/validate';
import { own } from '../model/own';
import type { LessonAddress, ParsedHash } from './hash';
import { keepProgress, keptProgress } from './kept-progress';

export interface LessonEvents {
  /** Takes what a lesson begins with. */
  begin(settings: Settings): void;
  /** Takes what a step sets; `all`: whatever has been set so far, with it. */
  set(settings: Settings, all: Settings): void;
}

/** A lesson and how far a visitor is in it. */
export interface OpenLesson {
  readonly lesson: Lesson;
  readonly progress: LessonProgress;
}

/** What a lesson that is tried out is called: no lesson of the course, and no file. */
const TRIAL = 'draft';

/** A name for a lesson of a link, by which its progress is found again: the same for the same text (FNV-1a). */
function nameOf(packed: string): string {
  let hash = 0x811c9dc5;
  for (const character of packed) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return `link-${(hash >>> 0).toString(16).padStart(8, '0')}`;
}

export class Lessons {
  /** Name of the lesson that is open; null for none. */
  name = $state<string | null>(null);
  /** Null until it has come, and where it cannot be read. */
  lesson = $state.raw<Lesson | null>(null);
  problems = $state.raw<readonly LessonProblem[]>([]);
  /** Whether its file could not be had. */
  isMissing = $state(false);
  progress = $state.raw<Progress>({});
  /** How a link carries the open lesson; one that offered itself, or came from a file, stands in none. */
  address = $state.raw<LessonAddress | null>(null);
  /** How far a lesson is that is only tried out: nothing of it is kept. */
  #trial = $state.raw<LessonProgress | null>(null);
  #trialEnded: (() => void) | null = null;
  /** The lesson that was left last in this visit, for a sheet of it. */
  #left = $state.raw<OpenLesson | null>(null);
  readonly #isKept: boolean;

  constructor(private readonly events: LessonEvents) {
    const kept = keptProgress();
    this.#isKept = kept !== null;
    this.progress = kept ?? {};
  }

  /** How far the visitor is in the lesson that is open. */
  get here(): LessonProgress {
    return this.#trial ?? own(this.progress, this.name ?? '') ?? UNBEGUN;
  }

  /** The lesson that is open, or was last, with how far the visitor is or was in it. */
  get latest(): OpenLesson | null {
    return this.lesson ? { lesson: this.lesson, progress: this.here } : this.#left;
  }

  /** Whether the open lesson is tried out by who makes it. */
  get isTrial(): boolean {
    return this.#trial !== null;
  }

  /** Until a lesson has come it may have a question whose answer the bars are. */
  hides(part: Part): boolean {
    if (this.name !== null && !this.lesson)
      return part === 'bars' && !this.isMissing && this.problems.length === 0;
    const hidden = [this.lesson?.hide, this.lesson?.steps[this.here.step]?.hide];
    return hidden.some((parts) => parts?.includes(part));
  }

  get locks(): readonly string[] {
    return this.lesson?.lock ?? [];
  }

  /** What a link says of lessons. One that brings settings of its own keeps them. */
  take({ lesson, packed, progress, hasSettings }: ParsedHash): void {
    if (Object.keys(progress).length > 0) this.bring(progress);
    if (packed !== null) {
      if (packed !== this.address?.value) void this.#openPacked(packed, !hasSettings);
    } else if (lesson === null) this.close();
    else if (lesson !== this.name) void this.open(lesson, { begins: !hasSettings });
  }

  /**
   * What the page opens with: the lesson of its link. Without one the first lesson offers itself on a first visit that asks for
   * nothing else, where it can be remembered that it was.
   */
  begin(parsed: ParsedHash): void {
    this.take(parsed);
    const isFramed = globalThis.parent !== globalThis.self;
    const asks =
      parsed.hasSettings || parsed.lesson !== null || parsed.packed !== null || parsed.refused.length > 0;
    if (this.#isKept && !isFramed && !asks && !own(this.progress, WELCOME))
      void this.open(WELCOME, { isAddressed: false });
  }

  /** Opens a lesson of the list where the visitor left it. `begins`: with its settings. */
  async open(name: string, { begins = true, isAddressed = true } = {}): Promise<void> {
    this.#become(name, isAddressed ? { path: 'lesson', value: name } : null);
    try {
      const { loadLesson } = await import('../lessons/load');
      const read = await loadLesson(name);
      if (this.name === name) this.#show(read, begins);
    } catch {
      if (this.name === name) this.isMissing = true;
    }
  }

  /** Opens a lesson that came as a file. */
  openRead(name: string, read: Read): void {
    this.#become(name, null);
    this.#show(read, true);
  }

  /** Opens a lesson as a learner would see it, from its beginning; `ended`: when it is left, in whatever way. */
  tryOut(lesson: Lesson, ended: () => void): void {
    this.#become(TRIAL, null);
    this.#trial = UNBEGUN;
    this.#trialEnded = ended;
    this.#show({ lesson, problems: [] }, true);
  }

  /** Opens the lesson that a link brought along. */
  async #openPacked(packed: string, begins: boolean): Promise<void> {
    const name = nameOf(packed);
    this.#become(name, { path: 'lesson.data', value: packed });
    try {
      const { unpackLesson } = await import('../lessons/link');
      const read = await unpackLesson(packed);
      if (this.name === name) this.#show(read, begins);
    } catch {
      if (this.name === name) this.isMissing = true;
    }
  }

  #become(name: string, address: LessonAddress | null): void {
    this.#endTrial();
    this.name = name;
    this.lesson = null;
    this.problems = [];
    this.isMissing = false;
    this.address = address;
  }

  #show({ lesson, problems }: Read, begins: boolean): void {
    this.lesson = lesson;
    this.problems = problems;
    if (!lesson) return;
    // Seen is seen, even when it is left at once.
    const { step } = this.here;
    this.#write({ ...this.here, step: Math.min(step, lesson.steps.length - 1) });
    if (begins) this.events.begin(this.#settingsUpTo(this.here.step));
  }

  /**
   * What the lesson and its steps up to one of them set. A step that names a recipe begins anew: what steps before it have
   * set was about another.
   */
  #settingsUpTo(step: number): Settings {
    const steps = (this.lesson?.steps.slice(0, step + 1) ?? []).map(({ settings }) => settings ?? {});
    const counted = steps.slice(
      Math.max(
        0,
        steps.findLastIndex((settings) => 'recipe' in settings),
      ),
    );
    return Object.assign({}, this.lesson?.settings, ...counted);
  }

  close(): void {
    if (this.lesson && !this.isTrial) this.#left = this.latest;
    this.name = null;
    this.lesson = null;
    this.problems = [];
    this.address = null;
    this.#endTrial();
  }

  #endTrial(): void {
    const ended = this.#trialEnded;
    this.#trial = null;
    this.#trialEnded = null;
    ended?.();
  }

  /** To the next step, with what this one keeps and what it has revealed; from the last one the lesson is done. */
  next(kept: Readonly<Record<string, Value>> = {}, outcomes: Readonly<Record<string, Value>> = {}): void {
    const { lesson } = this;
    if (!lesson) return;
    if (Object.keys(outcomes).length > 0)
      this.#write({ ...this.here, outcomes: { ...outcomes, ...this.here.outcomes } });
    const { here } = this;
    const all = { ...here.kept, ...kept };
    if (here.step === lesson.steps.length - 1) {
      this.#write({ ...here, kept: all, done: true });
      this.close();
      return;
    }
    const step = here.step + 1;
    const { settings } = lesson.steps[step]!;
    const isNew = step > here.reached;
    this.#write({ ...here, step, reached: Math.max(step, here.reached), kept: all });
    if (isNew && settings) this.events.set(settings, this.#settingsUpTo(step));
  }

  back(): void {
    if (this.here.step > 0) this.#write({ ...this.here, step: this.here.step - 1 });
  }

  answer(name: string, answer: Answer): void {
    this.#write({ ...this.here, answers: { ...this.here.answers, [name]: answer } });
  }

  /** From the beginning, without what was answered; that it was done once stays. */
  restart(): void {
    this.#write({ ...UNBEGUN, done: this.here.done });
    if (this.lesson) this.events.begin(this.#settingsUpTo(0));
  }

  /** Takes progress that was made elsewhere. */
  bring(progress: Progress): void {
    this.progress = merged(this.progress, progress);
    keepProgress(this.progress);
  }

  #write(progress: LessonProgress): void {
    if (this.name === null) return;
    if (this.#trial) {
      this.#trial = progress;
      return;
    }
    this.progress = { ...this.progress, [this.name]: progress };
    keepProgress(this.progress);
  }
}
