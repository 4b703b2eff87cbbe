/** Which lesson is open, and how far the visitor has come in each. It knows no lesson by its name. */

import type { Value } from '../lessons/facts';
import type { Lesson, Part, Settings } from '../lessons/lesson';
import { WELCOME } from '../lessons/list';
import { type Answer, type LessonProgress, merged, type Progress, UNBEGUN } from '../lessons/progress';
import type { LessonProblem, Read } from '../lessons/validate';
import { own } from '../model/own';
import type { ParsedHash } from './hash';
import { keepProgress, keptProgress } from './kept-progress';

export interface LessonEvents {
  /** Takes what a lesson begins with. */
  begin(settings: Settings): void;
  /** Takes what a step sets; `all`: whatever has been set so far, with it. */
  set(settings: Settings, all: Settings): void;
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
  /** One that offered itself, or came from a file, stands in no address. */
  #isAddressed = $state(false);
  readonly #isKept: boolean;

  constructor(private readonly events: LessonEvents) {
    const kept = keptProgress();
    this.#isKept = kept !== null;
    this.progress = kept ?? {};
  }

  /** How far the visitor is in the lesson that is open. */
  get here(): LessonProgress {
    return own(this.progress, this.name ?? '') ?? UNBEGUN;
  }

  /** The lesson that the address names. */
  get address(): string | null {
    return this.#isAddressed ? this.name : null;
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
  take({ lesson, progress, hasSettings }: ParsedHash): void {
    if (Object.keys(progress).length > 0) this.bring(progress);
    if (lesson === null) this.close();
    else if (lesson !== this.name) void this.open(lesson, { begins: !hasSettings });
  }

  /**
   * What the page opens with: the lesson of its link. Without one the first lesson offers itself on a first visit that asks for
   * nothing else, where it can be remembered that it was.
   */
  begin(parsed: ParsedHash): void {
    this.take(parsed);
    const isFramed = globalThis.parent !== globalThis.self;
    const asks = parsed.hasSettings || parsed.lesson !== null || parsed.refused.length > 0;
    if (this.#isKept && !isFramed && !asks && !own(this.progress, WELCOME))
      void this.open(WELCOME, { isAddressed: false });
  }

  /** Opens a lesson of the list where the visitor left it. `begins`: with its settings. */
  async open(name: string, { begins = true, isAddressed = true } = {}): Promise<void> {
    this.#become(name, isAddressed);
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
    this.#become(name, false);
    this.#show(read, true);
  }

  #become(name: string, isAddressed: boolean): void {
    this.name = name;
    this.lesson = null;
    this.problems = [];
    this.isMissing = false;
    this.#isAddressed = isAddressed;
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
    this.name = null;
    this.lesson = null;
    this.problems = [];
  }

  /** To the next step, with what this one keeps; from the last one the lesson is done. */
  next(kept: Readonly<Record<string, Value>> = {}): void {
    const { lesson, here } = this;
    if (!lesson) return;
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
    this.progress = { ...this.progress, [this.name]: progress };
    keepProgress(this.progress);
  }
}
