/** The experiment's settings: recipe, config, what is wrong with it, and the URL that carries it. */

import type { EngineClient } from '../engine/client';
import type { Config, Problem, Recipe } from '../engine/generated/types';
import { applyChanges, formatHash, parseHash, type Refused } from './hash';
import { type Json, overlap, setAt } from './paths';
import { Turns } from './turns';
import type { View } from './view';

export class Experiment {
  recipes = $state.raw<readonly Recipe[]>([]);
  recipe = $state.raw<Recipe | null>(null);
  config = $state.raw<Config | null>(null);
  problems = $state.raw<readonly Problem[]>([]);
  /** Of several changes the last one counts, however long the lab takes over each. */
  readonly #turns = new Turns('overtaken');
  #taking: Promise<unknown> = Promise.resolve();

  constructor(private readonly client: EngineClient) {}

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

  /** Resolves when no setting is on its way. */
  async settled(): Promise<void> {
    for (let taking: unknown = null; taking !== this.#taking; ) {
      taking = this.#taking;
      await taking;
    }
  }

  async #takeHash(hash: string, turn: AbortSignal): Promise<Refused[]> {
    const validate = (candidate: Config): Promise<Problem[]> =>
      this.client.call((api) => api.validate(candidate), turn);
    const parsed = parseHash(hash);
    const refused: Refused[] = [];
    const named = this.recipes.find(({ name }) => name === parsed.recipe);
    if (parsed.recipe !== null && !named) {
      const allowed = this.recipes.map(({ name }) => name).join(', ');
      refused.push({ path: 'recipe', value: parsed.recipe, allowed });
    }
    const recipe = named ?? this.recipes[0];
    if (!recipe) return refused;
    let changes = parsed.changes;
    let { config, refused: impossible } = applyChanges(recipe.config, changes);
    refused.push(...impossible);
    let problems = await validate(config);
    while (problems.length > 0 && changes.length > 0) {
      const bad = changes.filter(({ path }) => problems.some((problem) => overlap(problem.path, path)));
      // A problem that no single change explains puts all of them in doubt.
      const dropped = bad.length > 0 ? bad : changes;
      for (const { path, value } of dropped) {
        const problem = problems.find((candidate) => overlap(candidate.path, path)) ?? problems[0]!;
        refused.push({ path, value: JSON.stringify(value ?? null), allowed: problem.allowed });
      }
      changes = changes.filter((change) => !dropped.includes(change));
      config = applyChanges(recipe.config, changes).config;
      problems = await validate(config);
    }
    const complete = await this.client.call((api) => api.complete(config), turn);
    this.recipe = recipe;
    this.config = complete;
    this.problems = problems;
    return refused;
  }

  choose(name: string): void {
    const recipe = this.recipes.find((candidate) => candidate.name === name);
    if (!recipe) return;
    this.recipe = recipe;
    this.#change(recipe.config);
  }

  /** Changes one field; a value that is not allowed stays visible, with its problem beside it. */
  set(path: string, value: Json | undefined): void {
    if (!this.config) return;
    this.#change(setAt(this.config as unknown as Json, path, value) as unknown as Config);
  }

  /** Takes a whole config, as the page's API does, and answers it with every default; another change may follow it. */
  async take(config: Config): Promise<Config> {
    const turn = this.#turns.take();
    const complete = await this.client.call((api) => api.complete(config));
    if (!turn.aborted) {
      this.config = complete;
      this.problems = [];
    }
    return complete;
  }

  #change(config: Config): void {
    this.config = config;
    const turn = this.#turns.take();
    this.client
      .call((api) => api.validate(config), turn)
      .then(
        (problems) => {
          this.problems = problems;
        },
        // Overtaken, or without an engine, which the page tells by itself: Start validates again.
        () => undefined,
      );
  }

  /** Whether any setting differs from the recipe's. */
  get isChanged(): boolean {
    return JSON.stringify(this.recipe?.config) !== JSON.stringify(this.config);
  }

  hash(view: Readonly<View>): string {
    if (!this.recipe || !this.config) return '';
    return formatHash(this.recipe, this.recipe === this.recipes[0], this.config, view);
  }
}
