/** The `Lab` class of both wasm packages as the page uses it, and how a package is loaded. */

import type {
  Advance,
  Cell,
  Config,
  Environment,
  Grid,
  OwnLook,
  Problem,
  Question,
  Reading,
  Recipe,
  Record,
  SelfCheck,
} from './generated/types';
import type { DigitCount, EngineName, Split } from './messages';
import type { OwnSplit } from './own-pictures';

export interface Lab {
  info(): Environment;
  selfCheck(): Promise<SelfCheck>;
  manifest(json: string): void;
  addSheet(name: string, packed: Uint8Array, raw: Uint8Array): void;
  addOwn(split: OwnSplit, images: Uint8Array, labels: Uint8Array, readings: readonly Reading[]): number;
  removeOwn(split: OwnSplit): void;
  lookAtOwn(split: OwnSplit): Promise<OwnLook>;
  digitCount(): DigitCount;
  /** 784 grey values and behind them the label. */
  digit(split: Split, index: number): Uint8Array;
  addCheckpoint(bytes: Uint8Array, card: string): void;
  recipes(): Recipe[];
  validate(config: Config): Problem[];
  complete(config: Config): Config;
  cells(grid: Grid): Cell[];
  questions(configs: readonly Config[]): Question[];
  keepLogits(model: string, split: Question['split'], indices: Uint32Array, logits: Float32Array): void;
  start(config: Config): number;
  advance(budgetMs: number, maxSteps: number): Promise<Advance>;
  /** Milliseconds that one step of every model takes on this engine. */
  timeSteps(config: Config): Promise<number>;
  /** Runs everything once that a config needs, so that a GPU compiles it before the race. */
  rehearse(config: Config): Promise<void>;
  snapshot(): Promise<Uint8Array>;
  resume(config: Config, snapshot: Uint8Array): number;
  stop(): void;
  record(): Record;
  logits(model: string, split: Question['split'], indices: Uint32Array): Promise<Float32Array>;
  logitsOfPixels(model: string, pixels: Float32Array): Promise<Float32Array>;
  centre(ink: Float32Array, width: number, height: number): Float32Array | undefined;
  weights(model: string): Promise<Uint8Array<ArrayBuffer>>;
}

interface Package {
  default(options: { module_or_path: Promise<Response> }): Promise<{ memory: WebAssembly.Memory }>;
  Lab: { create(engine: EngineName, relaxed: boolean): Promise<Lab> };
}

/** The smallest module with an instruction of relaxed SIMD: `f32x4.relaxed_madd` of three zeros. */
const RELAXED_SIMD = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0],
  ...[65, 0, 253, 17, 65, 0, 253, 17, 65, 0, 253, 17, 253, 133, 2, 11],
);

/** The package of an engine: its code, its module, and whether that has relaxed SIMD. */
async function loadPackage(engine: EngineName): Promise<{ module: Package; wasm: URL; relaxed: boolean }> {
  if (engine === 'webgpu') {
    const module = (await import('../../pkg/webgpu/distillery.js')) as unknown as Package;
    return {
      module,
      wasm: new URL('../../pkg/webgpu/distillery_bg.wasm', import.meta.url),
      relaxed: false,
    };
  }
  const relaxed = WebAssembly.validate(RELAXED_SIMD);
  const module = (await import('../../pkg/cpu/distillery.js')) as unknown as Package;
  const wasm = relaxed
    ? new URL('../../pkg/cpu/distillery_relaxed_bg.wasm', import.meta.url)
    : new URL('../../pkg/cpu/distillery_bg.wasm', import.meta.url);
  return { module, wasm, relaxed };
}

/** Loads a package and makes its lab, which lives in the memory given with it. `fetchWasm` reports progress; the code is compiled while it arrives. */
export async function createLab(
  engine: EngineName,
  fetchWasm: (url: URL) => Promise<Response>,
): Promise<{ lab: Lab; memory: WebAssembly.Memory }> {
  const { module, wasm, relaxed } = await loadPackage(engine);
  const { memory } = await module.default({ module_or_path: fetchWasm(wasm) });
  return { lab: await module.Lab.create(engine, relaxed), memory };
}
