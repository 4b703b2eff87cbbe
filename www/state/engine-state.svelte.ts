/** Which engine runs, why not the other one, and how it changes. */

import type { EngineClient, Prepared } from '../engine/client';
import { endsEngine, toFailure } from '../engine/failure';
import type { Config, Environment } from '../engine/generated/types';
import type { EngineName, EngineReason, Failure } from '../engine/messages';
import type { SimdPeak } from '../engine/simd-peak';
import { whileWanted } from '../engine/wanted';
import type { EngineChoice } from '../model/view';
import {
  type EngineEvent,
  type EngineStatus,
  inUseOf,
  nextEngineStatus,
  type Outlook,
  refusal,
} from './engine-machine';
import { Turns } from './turns';

/** Milliseconds that a step of a config takes on each engine. */
export type Timing = Readonly<Record<EngineName, number>>;

/** What is measured of a machine for the visitor who asks. */
export interface MachineSpeed {
  readonly peak: SimdPeak;
  /** Milliseconds that a step of the recipe takes, on the engine in use and on any that was timed. */
  readonly stepMs: Partial<Timing>;
}

export class EngineState {
  #status = $state.raw<EngineStatus>({ kind: 'closed' });
  #outlook = $state.raw<Outlook>({ kind: 'unknown' });
  #choice = $state<EngineChoice>('auto');
  /** Shaders that WebGPU has compiled since it was asked for. */
  shaders = $state(0);
  /** What the automatic choice went by; null before it was made. */
  timing = $state.raw<Timing | null>(null);
  /** Of several choices the last one counts. */
  readonly #turns = new Turns('overtaken');
  /** What has been timed, by what it depends on. */
  readonly #timings = new Map<string, Timing>();

  constructor(private readonly client: EngineClient) {}

  get status(): EngineStatus {
    return this.#status;
  }

  get running(): EngineName {
    return inUseOf(this.#status)?.engine ?? 'cpu';
  }

  get environment(): Environment | null {
    return inUseOf(this.#status)?.environment ?? null;
  }

  get changing(): boolean {
    return this.#status.kind === 'changing';
  }

  /** Why WebGPU does not run; null while it does. */
  get reason(): EngineReason | null {
    if (this.running === 'webgpu') return null;
    if (this.#choice === 'cpu') return 'chosen_by_hand';
    if (this.#outlook.kind === 'refused') return this.#outlook.reason;
    if (this.#outlook.kind === 'possible') return this.timing ? 'slower_here' : 'small_networks';
    return 'checking';
  }

  /** What stood in WebGPU's way, in the engine's own words. */
  get detail(): string | null {
    return this.#outlook.kind === 'refused' ? this.#outlook.detail : null;
  }

  /** Opens the CPU engine: always the first, so that the page is alive at once. Opens another where one was lost. */
  async openCpu(): Promise<void> {
    if (this.#status.kind === 'lost') return this.client.revive();
    if (this.#status.kind !== 'closed') return;
    const { environment } = await this.client.open('cpu');
    this.#take({ type: 'opened', inUse: { engine: 'cpu', environment } });
  }

  /**
   * Takes the chosen engine into use; a session moves along. WebGPU that cannot run leaves the CPU in place. Resolves as
   * soon as another choice takes the place of this one; rejects with a `Failure`.
   */
  async choose(choice: EngineChoice, config: Config | null): Promise<void> {
    const turn = this.#turns.take();
    this.#choice = choice;
    try {
      await this.#change(turn, () => this.#useChosen(choice, turn));
    } catch (thrown) {
      if (turn.aborted) return;
      throw toFailure(thrown);
    }
    if (choice !== 'auto') {
      this.timing = null;
      return;
    }
    // The CPU stays in use meanwhile, so nothing has to wait for the answer; what goes wrong is a reason on show.
    const probed = this.#probe();
    if (config) void probed.then(() => (turn.aborted ? undefined : this.settle(config)));
  }

  /**
   * The automatic choice: times a few steps of this config on both engines, unless that is known, and takes the faster.
   * Does nothing while it is not known whether WebGPU can run, and when an engine was chosen by hand. Never rejects.
   */
  async settle(config: Config): Promise<void> {
    const other = this.running === 'cpu' ? 'webgpu' : 'cpu';
    const outlook = this.#outlook;
    if (this.#choice !== 'auto' || this.#status.kind !== 'open') return;
    if (other === 'webgpu' && outlook.kind !== 'possible') return;
    const turn = this.#turns.take();
    const prepared = other === 'webgpu' && outlook.kind === 'possible' ? outlook.prepared : null;
    try {
      await this.#change(turn, () => this.#takeFaster(config, other, prepared, turn));
    } catch (thrown) {
      // The engine in use stays in use; a choice that came meanwhile takes care of the rest.
      if (!turn.aborted) this.#refuse(toFailure(thrown));
    }
  }

  /** A short form of the benchmark: the SIMD peak, and a step of this config. */
  async measureMachine(config: Config): Promise<MachineSpeed> {
    const peak = await this.client.call((api) => api.simdPeak());
    const ours = await this.client.call((api) => api.timeSteps(config));
    return { peak, stepMs: { ...this.timing, [this.running]: ours } };
  }

  /** Another worker has taken over, perhaps on another engine. */
  replaced(engine: EngineName, environment: Environment, why: Failure): void {
    if (this.running === 'webgpu' && engine === 'cpu') {
      this.#outlook = refusal({ ...why, code: 'gpu_lost' });
      this.timing = null;
    }
    this.#take({ type: 'opened', inUse: { engine, environment } });
  }

  /** No worker answers any more. */
  lost(): void {
    this.#take({ type: 'lost' });
  }

  /** The one place where the status changes. */
  #take(event: EngineEvent): void {
    this.#status = nextEngineStatus(this.#status, event);
  }

  async #change(turn: AbortSignal, work: () => Promise<void>): Promise<void> {
    this.#take({ type: 'change', turn });
    try {
      await work();
    } finally {
      this.#take({ type: 'settled', turn });
    }
  }

  async #useChosen(choice: EngineChoice, turn: AbortSignal): Promise<void> {
    if (!this.client.isOpen) await whileWanted(turn, this.client.revive());
    if (choice === 'webgpu') await this.#useWebGpu(turn);
    else if (this.running === 'webgpu') await this.#adopt('cpu', await this.#prepareCpu(turn), turn);
  }

  async #useWebGpu(turn: AbortSignal): Promise<void> {
    if (this.running === 'webgpu') return;
    // Asked for by hand, a refusal of before may have passed: the package may load now.
    if (this.#outlook.kind === 'refused') this.#outlook = { kind: 'unknown' };
    const isOld = this.#outlook.kind === 'possible';
    const prepared = await whileWanted(turn, this.#probe());
    if (!prepared) return;
    this.#outlook = { kind: 'unknown' };
    try {
      await this.#adopt('webgpu', prepared, turn);
    } catch (thrown) {
      if (turn.aborted) throw thrown;
      const reason = toFailure(thrown);
      this.#refuse(reason);
      // What was opened a while ago may have died since, with nobody to notice; another may live.
      if (isOld && endsEngine(reason)) await this.#useWebGpu(turn);
    }
  }

  async #takeFaster(
    config: Config,
    other: EngineName,
    prepared: Prepared | null,
    turn: AbortSignal,
  ): Promise<void> {
    // What a step costs depends on the models and on how they are trained, not on the seed or the epochs.
    const { models, training } = config;
    const key = JSON.stringify({ models, batch: training?.batch_size, rule: training?.optimiser });
    const known = this.#timings.get(key);
    if (known && known[other] >= known[this.running]) {
      this.timing = known;
      return;
    }
    const rival = prepared ?? (await this.#prepareCpu(turn));
    const isProbe = rival === prepared;
    try {
      const timing = known ?? (await this.#time(config, other, rival, turn));
      this.#timings.set(key, timing);
      this.timing = timing;
      if (timing[other] < timing[this.running]) {
        if (isProbe) this.#outlook = { kind: 'unknown' };
        await this.#adopt(other, rival, turn);
        if (other === 'cpu') void this.#probe();
      } else if (!isProbe) rival.connection.close();
    } catch (thrown) {
      // A probe is kept for the next recipe, unless it was what failed.
      if (!isProbe || !turn.aborted) rival.connection.close();
      throw thrown;
    }
  }

  async #time(config: Config, other: EngineName, rival: Prepared, turn: AbortSignal): Promise<Timing> {
    const ours = await this.client.call((api) => api.timeSteps(config), turn);
    const theirs = await whileWanted(
      turn,
      rival.connection.call((api) => api.timeSteps(config)),
    );
    return other === 'webgpu' ? { cpu: ours, webgpu: theirs } : { cpu: theirs, webgpu: ours };
  }

  /** Finds out whether WebGPU could run, in a worker of its own, without taking it into use. Answers null if not. */
  #probe(): Promise<Prepared | null> {
    const outlook = this.#outlook;
    if (outlook.kind === 'probing') return outlook.probe;
    if (outlook.kind === 'possible') return Promise.resolve(outlook.prepared);
    if (outlook.kind === 'refused') return Promise.resolve(null);
    const probe = this.client.prepare('webgpu').then(
      (prepared) => {
        this.#outlook = { kind: 'possible', prepared };
        return prepared;
      },
      (thrown: unknown) => {
        this.#refuse(toFailure(thrown));
        return null;
      },
    );
    this.#outlook = { kind: 'probing', probe };
    return probe;
  }

  /** A CPU engine to change to; closed when it comes too late. */
  #prepareCpu(turn: AbortSignal): Promise<Prepared> {
    const preparing = this.client.prepare('cpu');
    preparing.then(
      ({ connection }) => {
        if (turn.aborted) connection.close();
      },
      () => undefined,
    );
    return whileWanted(turn, preparing);
  }

  async #adopt(engine: EngineName, { connection, opened }: Prepared, turn: AbortSignal): Promise<void> {
    await this.client.adopt(engine, connection, turn);
    this.#take({ type: 'opened', inUse: { engine, environment: opened.environment } });
  }

  #refuse(reason: Failure): void {
    this.#outlook = refusal(reason);
  }
}
