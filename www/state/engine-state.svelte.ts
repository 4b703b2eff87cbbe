/** Which engine runs, why not the other one, and how it changes. */

import type { EngineClient, Prepared } from '../engine/client';
import { toFailure } from '../engine/failure';
import type { Config, Environment } from '../engine/generated/types';
import type { EngineName, EngineReason, Failure } from '../engine/messages';
import type { SimdPeak } from '../engine/simd-peak';
import type { EngineChoice } from './view';

const WEBGPU_CODES: readonly string[] = [
  'no_api',
  'no_adapter',
  'missing_feature',
  'failed_check',
  'failed_to_load',
];

/** Milliseconds that a step of a config takes on each engine. */
export type Timing = Readonly<Record<EngineName, number>>;

/** What is measured of a machine for the visitor who asks. */
export interface MachineSpeed {
  readonly peak: SimdPeak;
  /** Milliseconds that a step of the recipe takes, on the engine in use and on any that was timed. */
  readonly stepMs: Partial<Timing>;
}

export class EngineState {
  running = $state<EngineName>('cpu');
  environment = $state.raw<Environment | null>(null);
  /** What stood in WebGPU's way, in the engine's own words. */
  detail = $state<string | null>(null);
  changing = $state(false);
  /** Shaders that WebGPU has compiled since it was asked for. */
  shaders = $state(0);
  /** What the automatic choice went by; null before it was made. */
  timing = $state.raw<Timing | null>(null);
  #choice = $state<EngineChoice>('auto');
  /** What is known of WebGPU, whether or not it is wanted. */
  #outlook = $state<EngineReason>('checking');
  #probing: Promise<Prepared | null> | null = null;
  /** Whether `#probing` has ended: only then does a race wait for the automatic choice. */
  #probed = false;
  /** What has been timed, by what it depends on. */
  readonly #timings = new Map<string, Timing>();

  constructor(private readonly client: EngineClient) {}

  /** Why WebGPU does not run; null while it does. */
  get reason(): EngineReason | null {
    if (this.running === 'webgpu') return null;
    if (this.#choice === 'cpu') return 'chosen_by_hand';
    return this.#outlook === 'small_networks' && this.timing ? 'slower_here' : this.#outlook;
  }

  /** Opens the CPU engine: always the first, so that the page is alive at once. */
  async openCpu(): Promise<void> {
    if (this.environment) return;
    this.environment = (await this.client.open('cpu')).environment;
  }

  /** Takes the chosen engine into use; a session moves along. WebGPU that cannot run leaves the CPU in place. */
  async choose(choice: EngineChoice, config: Config | null): Promise<void> {
    this.#choice = choice;
    this.changing = true;
    try {
      if (choice === 'webgpu') await this.#useWebGpu();
      else if (this.running === 'webgpu') await this.#adopt('cpu', await this.client.prepare('cpu'));
      if (choice !== 'auto') this.timing = null;
      // The CPU stays in use meanwhile, so nothing has to wait for the answer.
      else if (config) void this.#probe().then(() => this.settle(config));
      else void this.#probe();
    } finally {
      this.changing = false;
    }
  }

  /**
   * The automatic choice: times a few steps of this config on both engines, unless that is known, and takes the faster.
   * Does nothing while it is not known whether WebGPU can run, and when an engine was chosen by hand.
   */
  async settle(config: Config): Promise<void> {
    const other = this.running === 'cpu' ? 'webgpu' : 'cpu';
    if (this.#choice !== 'auto' || this.changing || (other === 'webgpu' && !this.#probed)) return;
    const prepared = other === 'webgpu' ? await this.#probing : null;
    if (other === 'webgpu' && !prepared) return;
    this.changing = true;
    try {
      // What a step costs depends on the models and on how they are trained, not on the seed or the epochs.
      const { models, training } = config;
      const key = JSON.stringify({ models, batch: training?.batch_size, rule: training?.optimiser });
      const known = this.#timings.get(key);
      if (known && known[other] >= known[this.running]) {
        this.timing = known;
        return;
      }
      const rival = prepared ?? (await this.client.prepare(other));
      const [ours, theirs] = known
        ? [known[this.running], known[other]]
        : [
            await this.client.call((api) => api.timeSteps(config)),
            await rival.connection.call((api) => api.timeSteps(config)),
          ];
      const timing = other === 'webgpu' ? { cpu: ours, webgpu: theirs } : { cpu: theirs, webgpu: ours };
      this.#timings.set(key, timing);
      this.timing = timing;
      if (theirs < ours) {
        if (other === 'webgpu') this.#forgetProbe();
        await this.#adopt(other, rival);
        if (other === 'cpu') void this.#probe();
      } else if (!prepared) rival.connection.close();
    } catch (thrown) {
      // The engine in use stays in use.
      this.#refuse(toFailure(thrown));
    } finally {
      this.changing = false;
    }
  }

  /** A short form of the benchmark: the SIMD peak, and a step of this config. */
  async measureMachine(config: Config): Promise<MachineSpeed> {
    const peak = await this.client.call((api) => api.simdPeak());
    const ours = await this.client.call((api) => api.timeSteps(config));
    return { peak, stepMs: { ...this.timing, [this.running]: ours } };
  }

  #forgetProbe(): void {
    this.#probing = null;
    this.#probed = false;
  }

  /** Another worker has taken over, perhaps on another engine. */
  replaced(engine: EngineName, environment: Environment): void {
    if (this.running === 'webgpu' && engine === 'cpu') {
      this.#outlook = 'failed_to_load';
      this.#forgetProbe();
    }
    this.running = engine;
    this.environment = environment;
  }

  /** Finds out whether WebGPU could run, in a worker of its own, without taking it into use. Answers null if not. */
  #probe(): Promise<Prepared | null> {
    this.#probing ??= this.#tryWebGpu().finally(() => {
      this.#probed = true;
    });
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
    this.#forgetProbe();
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
