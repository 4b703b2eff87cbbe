/** The `Lab` class of both wasm packages, which bring its types and their documentation, and how a package is loaded. */

import type { EngineName, Lab } from '../../pkg/cpu/distillery';

export type { DigitCount, EngineName, Lab, OwnSplit } from '../../pkg/cpu/distillery';

type Package = typeof import('../../pkg/cpu/distillery') | typeof import('../../pkg/webgpu/distillery');

/** The smallest module with an instruction of relaxed SIMD: `f32x4.relaxed_madd` of three zeros. */
const RELAXED_SIMD = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0],
  ...[65, 0, 253, 17, 65, 0, 253, 17, 65, 0, 253, 17, 253, 133, 2, 11],
);

/** The package of an engine: its code, its module, and whether that has relaxed SIMD. */
async function loadPackage(engine: EngineName): Promise<{ module: Package; wasm: URL; relaxed: boolean }> {
  if (engine === 'webgpu') {
    const module = await import('../../pkg/webgpu/distillery.js');
    return { module, wasm: new URL('../../pkg/webgpu/distillery_bg.wasm', import.meta.url), relaxed: false };
  }
  const relaxed = WebAssembly.validate(RELAXED_SIMD);
  const module = await import('../../pkg/cpu/distillery.js');
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
