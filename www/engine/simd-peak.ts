/**
 * How fast one thread of this machine multiplies and adds 32-bit floats in WebAssembly: the roof over everything that
 * an engine can reach here. Depends on nothing.
 *
 * Two tiny modules keep twelve independent vectors a₀ … a₁₁ of four floats, enough that no operation waits for the
 * one before it, and do in a loop, for each of them,
 *
 *     (local.set $aᵢ (f32x4.add (f32x4.mul (local.get $aᵢ) (local.get $x)) (local.get $y)))
 *     (local.set $aᵢ (f32x4.relaxed_madd (local.get $aᵢ) (local.get $x) (local.get $y)))
 *
 * with x = ½ and y = 1, so that the values stay near 2. simd-peak.test.ts has the whole text and checks that the bytes
 * are what binaryen makes of it.
 */

/** A multiplication, then an addition: what every engine with SIMD can use. */
export const MULTIPLY_ADD_MODULE =
  'AGFzbQEAAAABBgFgAX8BfQMCAQAHBwEDcnVuAAAKiQIBhgIBDntDAAAAP/0TIQFDAACAP/0TIQIDQCADIAH95gEgAv3kASEDIAQgAf3mASAC/eQBIQQgBSAB/eYBIAL95AEhBSAGIAH95gEgAv3kASEGIAcgAf3mASAC/eQBIQcgCCAB/eYBIAL95AEhCCAJIAH95gEgAv3kASEJIAogAf3mASAC/eQBIQogCyAB/eYBIAL95AEhCyAMIAH95gEgAv3kASEMIA0gAf3mASAC/eQBIQ0gDiAB/eYBIAL95AEhDiAAQQFrIgANAAsgAyAE/eQBIAX95AEgBv3kASAH/eQBIAj95AEgCf3kASAK/eQBIAv95AEgDP3kASAN/eQBIA795AH9HwAL';

/** Both at once (https://github.com/WebAssembly/relaxed-simd), where the browser knows it. */
export const RELAXED_MODULE =
  'AGFzbQEAAAABBgFgAX8BfQMCAQAHBwEDcnVuAAAK5QEB4gEBDntDAAAAP/0TIQFDAACAP/0TIQIDQCADIAEgAv2FAiEDIAQgASAC/YUCIQQgBSABIAL9hQIhBSAGIAEgAv2FAiEGIAcgASAC/YUCIQcgCCABIAL9hQIhCCAJIAEgAv2FAiEJIAogASAC/YUCIQogCyABIAL9hQIhCyAMIAEgAv2FAiEMIA0gASAC/YUCIQ0gDiABIAL9hQIhDiAAQQFrIgANAAsgAyAE/eQBIAX95AEgBv3kASAH/eQBIAj95AEgCf3kASAK/eQBIAv95AEgDP3kASAN/eQBIA795AH9HwAL';

/** Independent vectors in the loop. */
export const VECTORS = 12;
const LANES = 4;
const FLOPS_PER_ROUND = VECTORS * LANES * 2;

/** Long against the clock's step of 0.1 ms, short against the patience of a page. */
const ROUNDS_PER_CALL = 100_000;
const CALLS_PER_READING = 4;
/** The first readings run unoptimised code; the best one counts, since others can only slow it down. */
const READINGS = 40;

export interface SimdPeak {
  /** GFLOPS with a multiplication and an addition; NaN without SIMD. */
  multiplyAdd: number;
  /** GFLOPS with relaxed_madd; null where the browser lacks it. */
  relaxed: number | null;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function gflops(bytes: Uint8Array<ArrayBuffer>): number {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const run = instance.exports.run as (rounds: number) => number;
  let best = 0;
  for (let reading = 0; reading < READINGS; reading += 1) {
    const start = performance.now();
    for (let call = 0; call < CALLS_PER_READING; call += 1) run(ROUNDS_PER_CALL);
    const ms = performance.now() - start;
    best = Math.max(best, (CALLS_PER_READING * ROUNDS_PER_CALL * FLOPS_PER_ROUND) / ms / 1e6);
  }
  return best;
}

/** Measures for about 0.2 s and blocks meanwhile: call it in a worker, or while nothing else moves. */
export function simdPeak(): SimdPeak {
  const [plain, relaxed] = [MULTIPLY_ADD_MODULE, RELAXED_MODULE].map(bytesOf) as [
    Uint8Array<ArrayBuffer>,
    Uint8Array<ArrayBuffer>,
  ];
  return {
    multiplyAdd: WebAssembly.validate(plain) ? gflops(plain) : Number.NaN,
    relaxed: WebAssembly.validate(relaxed) ? gflops(relaxed) : null,
  };
}
