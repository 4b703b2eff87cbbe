/** Which engine runs, why not the other one, and how it changes. */

import type { EngineClient, Prepared } from '../engine/client';
import { toFailure } from '../engine/failure';
import type { Environment } from '../engine/generated/types';
import type { EngineName, EngineReason, Failure } from '../engine/messages';
import type { EngineChoice } from './view';

const WEBGPU_CODES: readonly string[] = [
  'no_api',
  'no_adapter',
  'missing_feature',
  'failed_check',
  'failed_to_load',
];

export class EngineState {
  running = $state<EngineName>('cpu');
  environment = $state.raw<Environment | null>(null);
  /** What stood in WebGPU's way, in the engine's own words. */
  detail = $state<string | null>(null);
  changing = $state(false);
  #choice = $state<EngineChoice>('auto');
  /** What is known of WebGPU, whether or not it is wanted. */
  #outlook = $state<EngineReason>('checking');
  #probing: Promise<Prepared | null> | null = null;

  constructor(private readonly client: EngineClient) {}

  /** Why WebGPU does not run; null while it does. */
  get reason(): EngineReason | null {
    if (this.running === 'webgpu') return null;
    return this.#choice === 'cpu' ? 'chosen_by_hand' : this.#outlook;
  }

  /** Opens the CPU engine: always the first, so that the page is alive at once. */
  async openCpu(): Promise<void> {
    if (this.environment) return;
    this.environment = (await this.client.open('cpu')).environment;
  }

  /** Takes the chosen engine into use; a session moves along. WebGPU that cannot run leaves the CPU in place. */
  async choose(choice: EngineChoice): Promise<void> {
    this.#choice = choice;
    this.changing = true;
    try {
      if (choice === 'webgpu') await this.#useWebGpu();
      else if (this.running === 'webgpu') await this.#adopt('cpu', await this.client.prepare('cpu'));
      // The CPU stays in use meanwhile, so nothing has to wait for the answer.
      if (choice === 'auto') void this.#probe();
    } finally {
      this.changing = false;
    }
  }

  /** Another worker has taken over, perhaps on another engine. */
  replaced(engine: EngineName, environment: Environment): void {
    if (this.running === 'webgpu' && engine === 'cpu') {
      this.#outlook = 'failed_to_load';
      this.#probing = null;
    }
    this.running = engine;
    this.environment = environment;
  }

  /** Finds out whether WebGPU could run, in a worker of its own, without taking it into use. Answers null if not. */
  #probe(): Promise<Prepared | null> {
    this.#probing ??= this.#tryWebGpu();
    return this.#probing;
  }

  async #tryWebGpu(): Promise<Prepared | null> {
    this.#outlook = 'checking';
    try {
      const prepared = await this.client.prepare('webgpu');
      this.#outlook = 'small_networks';
      return prepared;
    } catch (thrown) {
      this.#refuse(toFailure(thrown));
      return null;
    }
  }

  async #useWebGpu(): Promise<void> {
    if (this.running === 'webgpu') return;
    // Asked for by hand, a refusal of before may have passed: the package may load now.
    const prepared = (await this.#probe()) ?? (await this.#tryWebGpu());
    this.#probing = null;
    if (!prepared) return;
    try {
      await this.#adopt('webgpu', prepared);
    } catch (thrown) {
      this.#refuse(toFailure(thrown));
    }
  }

  async #adopt(engine: EngineName, prepared: Prepared): Promise<void> {
    await this.client.adopt(engine, prepared.connection);
    this.running = engine;
    this.environment = prepared.opened.environment;
  }

  #refuse(failure: Failure): void {
    this.#outlook = WEBGPU_CODES.includes(failure.code) ? (failure.code as EngineReason) : 'failed_to_load';
    this.detail = failure.message;
  }
}
