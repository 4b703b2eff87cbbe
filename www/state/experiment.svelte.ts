/** The experiment's settings: recipe, config, what is wrong with it, and the URL that carries it. */

import type { EngineClient } from '../engine/client';
import type { Card, Config, Cost, Problem, Recipe } from '../engine/generated/types';
import type { Settings } from '../lessons/lesson';
import { fitsNetwork } from '../model/cards';
import type { KnownName } from '../model/known-names';
import { type Change, difference, type Json, overlap } from '../model/paths';
import { withValueAt } from '../model/places';
import { type Choice, type RefusedChoice, refusedChoices } from '../model/refused';
import { canBeList, isField } from '../model/schema';
import type { View } from '../model/view';
import {
  applyChanges,
  formatHash,
  type LessonAddress,
  type ParsedHash,
  parseHash,
  type Refused,
  settingsNow,
} from './hash';
import { History } from './history.svelte';
import { carriedChanges, packChanges } from './packed-config';
import { Turns } from './turns';

/** A longer hash is packed: with the address before it, no program cuts a link of 2,000 characters. */
const LONGEST_PLAIN = 1_500;

/** Where a config names a checkpoint, and of which model. */
const CHECKPOINT = /^models\.([^.]+)\.init\.pretrained$/;

export class Experiment {
  recipes = $state.raw<readonly Recipe[]>([]);
  recipe = $state.raw<Recipe | null>(null);
  config = $state.raw<Config | null>(null);
  problems = $state.raw<readonly Problem[]>([]);
  /** What each model of the config takes, by name; nothing while something is not allowed. */
  costs = $state.raw<Readonly<Record<string, Cost>>>({});
  /** What stands in fields that cannot be read, by path: an emptied one, or words in place of numbers. */
  unreadable = $state.raw<ReadonlyMap<string, string>>(new Map());
  /** Settings as they were, for undo and redo. */
  readonly history = new History<Config>();
  /** Of several changes the last one counts, however long the lab takes over each. */
  readonly #turns = new Turns('overtaken');
  #taking: Promise<unknown> = Promise.resolve();

  /** `locks`: fields that stand still for a visitor. */
  constructor(
    private readonly client: EngineClient,
    private readonly locks: () => readonly string[] = () => [],
  ) {}

  /** Takes the recipes and the setting a hash describes; answers what of it could not be taken over. */
  async open(hash: string): Promise<Refused[]> {
    this.recipes = await this.client.call((api) => api.recipes());
    return this.takeHash(hash);
  }

  /**
   * Reads a setting from a hash. A field with a bad value keeps the recipe's; all others are taken. Rejects with
   * `overtaken` when the setting is changed in another way meanwhile.
   */
  takeHash(hash: string): Promise<Refused[]> {
    const taking = this.#takeHash(hash, this.#turns.take());
    this.#taking = taking.catch(() => undefined);
    return taking;
  }

  /** Resolves when no setting is on its way, and the lab has been asked about the latest. */
  async settled(): Promise<void> {
    for (let taking: unknown = null; taking !== this.#taking; ) {
      taking = this.#taking;
      await taking;
    }
  }

  async #takeHash(hash: string, turn: AbortSignal): Promise<Refused[]> {
    const parsed = parseHash(hash);
    const refused: Refused[] = [...parsed.refused];
    const recipe = this.#recipeOf(parsed, refused) ?? this.recipes[0];
    if (!recipe) return refused;
    const changes = [...(await carriedChanges(parsed, refused)), ...parsed.changes];
    const known = changes.filter((change) => this.#fits(change, refused));
    const { config, problems } = await this.#allowed(recipe.config, known, refused, turn);
    const complete = await this.client.call((api) => api.complete(config), turn);
    const costs = await this.#costsOf(complete, problems, turn);
    this.recipe = recipe;
    this.config = complete;
    this.problems = problems;
    this.costs = costs;
    this.unreadable = new Map();
    return refused;
  }

  /** The recipe that a hash names, by `recipe=` or as a word alone; capitals do not matter. */
  #recipeOf({ recipe, words }: ParsedHash, refused: Refused[]): Recipe | undefined {
    const called = (word: string): Recipe | undefined =>
      this.recipes.find(({ name }) => name === word.toLowerCase());
    let found = recipe === null ? undefined : called(recipe);
    if (recipe !== null && !found) {
      const names = this.recipes.map(({ name }) => name);
      refused.push({
        path: 'recipe',
        value: recipe,
        allowed: { code: 'one_of', names },
        because: 'not_allowed',
      });
    }
    for (const word of words) {
      const named = called(word);
      found ??= named;
      if (!named || named !== found)
        refused.push({ path: word, value: '', allowed: null, because: 'unknown' });
    }
    return found;
  }

  /** Whether a change fits the schema, which knows what fields there are without asking the lab about each. */
  #fits({ path, value }: Change, refused: Refused[]): boolean {
    const isList = Array.isArray(value) && !canBeList(path);
    if (isField(path) && !isList) return true;
    const because = isList && isField(path) ? 'not_allowed' : 'unknown';
    refused.push({ path, value: JSON.stringify(value) ?? '', allowed: null, because });
    return false;
  }

  /** The config with as many of the changes as the lab allows; the others are added to `refused`. */
  async #allowed(
    base: Config,
    wanted: readonly Change[],
    refused: Refused[],
    turn: AbortSignal,
  ): Promise<{ config: Config; problems: Problem[] }> {
    const validate = (candidate: Config): Promise<Problem[]> =>
      this.client.call((api) => api.validate(candidate), turn);
    let changes = wanted;
    let { config, refused: impossible } = applyChanges(base, changes);
    refused.push(...impossible);
    let problems = await validate(config);
    while (problems.length > 0 && changes.length > 0) {
      const bad = changes.filter(({ path }) => problems.some((problem) => overlap(problem.path, path)));
      // A problem that no single change explains puts all of them in doubt.
      const dropped = bad.length > 0 ? bad : changes;
      for (const { path, value } of dropped) {
        const { allowed } = problems.find((candidate) => overlap(candidate.path, path)) ?? problems[0]!;
        refused.push({ path, value: JSON.stringify(value) ?? '', allowed, because: 'not_allowed' });
      }
      changes = changes.filter((change) => !dropped.includes(change));
      config = applyChanges(base, changes).config;
      problems = await validate(config);
    }
    return { config, problems };
  }

  choose(name: string): void {
    const recipe = this.recipes.find((candidate) => candidate.name === name);
    if (!recipe) return;
    this.recipe = recipe;
    this.problems = [];
    this.forgetUnreadable();
    this.#change(recipe.config, null);
  }

  /**
   * Changes one field, with places in lists as in `learns_from[0]`; a value that is not allowed stays visible, with its
   * problem beside it.
   */
  set(path: string, value: Json | undefined): void {
    if (!this.config) return;
    this.unreadable = new Map([...this.unreadable].filter(([field]) => !overlap(field, path)));
    this.#change(withValueAt(this.config as unknown as Json, path, value) as unknown as Config, path);
  }

  /** Takes a whole config that may lack what is as by default, and need not be allowed. */
  async edit(config: Config): Promise<void> {
    const turn = this.#turns.take();
    const complete = await this.client.call((api) => api.complete(config), turn);
    this.forgetUnreadable();
    this.#change(complete, null);
  }

  undo(): void {
    this.#goTo(this.config && this.history.undo(this.config));
  }

  redo(): void {
    this.#goTo(this.config && this.history.redo(this.config));
  }

  #goTo(config: Config | null): void {
    if (!config) return;
    this.forgetUnreadable();
    this.#judgeNow(config);
  }

  /** What is wrong with a config. */
  problemsOf(config: Config): Promise<Problem[]> {
    return this.client.call((api) => api.validate(config));
  }

  /** The names that are allowed at a place: checkpoints, or those that the lab lists when it is given another. */
  async namesAt(path: string, config = this.config): Promise<readonly KnownName[]> {
    if (CHECKPOINT.test(path)) return (await this.#teachers()).map(({ name }) => ({ name, shape: null }));
    const odd = withValueAt(config as unknown as Json, path, '?') as unknown as Config;
    const problem = (await this.problemsOf(odd)).find((found) => found.path === path);
    const { allowed } = problem ?? {};
    if (!allowed || !('names' in allowed)) return [];
    const shapes = 'shapes' in allowed ? allowed.shapes : [];
    return allowed.names.map((name, place) => ({ name, shape: shapes[place] ?? null }));
  }

  /** Those of some choices at a place that the rest of the config does not allow there, each with the reason. */
  async refusedAt<C extends Choice>(
    path: string,
    choices: readonly C[],
  ): Promise<readonly RefusedChoice<C>[]> {
    const config = this.config!;
    const model = CHECKPOINT.exec(path)?.[1];
    if (model === undefined) return refusedChoices(config, path, choices, (tried) => this.problemsOf(tried));
    // What weights fit is seen when they are taken over; their cards tell it before.
    const cards = (await this.#teachers()).filter((card) => !fitsNetwork(card, config, model));
    const problem = (value: string): Problem => ({ path, value, allowed: { code: 'same_network' } });
    const odd = choices.filter(({ name }) => cards.some((card) => card.name === name));
    return odd.map((choice) => ({ choice, problem: problem(choice.name) }));
  }

  #teachers(): Promise<readonly Card[]> {
    return this.client.call((api) => api.teachers());
  }

  /** Takes note of a field whose text is no value; the config keeps the one before, and cannot be run meanwhile. */
  markUnreadable(path: string, text: string): void {
    this.unreadable = new Map([...this.unreadable, [path, text]]);
  }

  /** Lets go of what could not be read: fields show again what the config has. */
  forgetUnreadable(): void {
    if (this.unreadable.size > 0) this.unreadable = new Map();
  }

  /** Whether everything on show is allowed, so that a race of it can start. */
  get isRunnable(): boolean {
    return this.problems.length === 0 && this.unreadable.size === 0;
  }

  /**
   * Takes a whole config, as the page's API does, and answers it with every default; another change may follow it. `recipe`:
   * name of the one that it came from, where that is known.
   */
  async take(config: Config, recipe?: string | null): Promise<Config> {
    const turn = this.#turns.take();
    const complete = await this.client.call((api) => api.complete(config));
    const costs = await this.#costsOf(complete, []);
    if (!turn.aborted) {
      this.recipe = this.recipes.find(({ name }) => name === recipe) ?? this.recipe;
      this.config = complete;
      this.problems = [];
      this.costs = costs;
      this.forgetUnreadable();
    }
    return complete;
  }

  #change(config: Config, field: string | null): void {
    if (this.config) this.history.note(this.config, field);
    this.#judgeNow(config);
  }

  #judgeNow(config: Config): void {
    this.config = config;
    const turn = this.#turns.take();
    // What rejects was overtaken, or is without an engine, which the page tells by itself.
    this.#taking = this.#judge(config, turn).catch(() => undefined);
  }

  async #judge(config: Config, turn: AbortSignal): Promise<void> {
    const problems = await this.client.call((api) => api.validate(config), turn);
    this.problems = problems;
    this.costs = await this.#costsOf(config, problems, turn);
  }

  async #costsOf(
    config: Config,
    problems: readonly Problem[],
    turn?: AbortSignal,
  ): Promise<Experiment['costs']> {
    return problems.length > 0 ? {} : this.client.call((api) => api.costs(config), turn);
  }

  /** Whether any setting differs from the recipe's. */
  get isChanged(): boolean {
    return this.unreadable.size > 0 || JSON.stringify(this.recipe?.config) !== JSON.stringify(this.config);
  }

  /** Whether a control stands still, as a lesson wants it; only controls ask. */
  isLocked(path: string): boolean {
    return this.locks().some((locked) => overlap(locked, path));
  }

  /** Whether a lesson holds anything still: then nothing is to be moved in its back either. */
  get hasLocks(): boolean {
    return this.locks().length > 0;
  }

  /** The setting as a lesson would have it; empty before there is one. */
  settings(view: Readonly<View>): Settings {
    return this.recipe && this.config ? settingsNow(this.recipe, this.config, view) : {};
  }

  hash(view: Readonly<View>, lesson: LessonAddress | null = null): string {
    if (!this.recipe || !this.config) return '';
    return formatHash(this.recipe, this.recipe === this.recipes[0], this.config, view, lesson);
  }

  /** The hash for links: packed where it would be long, and the shorter one of the two. */
  async address(view: Readonly<View>, lesson: LessonAddress | null = null): Promise<string> {
    const { recipe, recipes, config } = this;
    const plain = this.hash(view, lesson);
    if (!recipe || !config || plain.length <= LONGEST_PLAIN) return plain;
    const differing = difference(recipe.config as unknown as Json, config as unknown as Json);
    const isDefault = recipe === recipes[0];
    // An old browser cannot pack.
    const packed = await packChanges(differing).catch(() => null);
    const hash = formatHash(recipe, isDefault, config, view, lesson, packed);
    return hash.length < plain.length ? hash : plain;
  }
}
