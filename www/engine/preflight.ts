/** Whether this browser can run an engine, found out before its package is fetched. */

import { failure } from './failure';

// burn's WebGPU runtime (cubecl-wgpu 0.11.3) panics on wasm where the adapter lacks this feature.
const NEEDED_FEATURE = 'timestamp-query';

interface Gpu {
  requestAdapter(): Promise<{ features: ReadonlySet<string> } | null>;
}

/** Throws a `Failure` where there is no WebAssembly: strict modes such as Lockdown Mode and Tor's switch it off. */
export function preflightWebAssembly(): void {
  if (typeof WebAssembly === 'undefined') throw failure('no_webassembly', 'WebAssembly is not defined');
}

/** Throws a `Failure` whose code is an `EngineReason` where WebGPU cannot run. */
export async function preflightWebGpu(): Promise<void> {
  const gpu = (navigator as Navigator & { gpu?: Gpu }).gpu;
  if (!gpu) throw failure('no_api', 'navigator.gpu');
  const adapter = await gpu.requestAdapter().catch(() => null);
  if (!adapter) throw failure('no_adapter', 'requestAdapter');
  if (!adapter.features.has(NEEDED_FEATURE))
    throw failure('missing_feature', NEEDED_FEATURE, { feature: NEEDED_FEATURE });
}
