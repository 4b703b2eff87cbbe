import binaryen from 'binaryen';
import { describe, expect, test } from 'vitest';
import { MULTIPLY_ADD_MODULE, RELAXED_MODULE, simdPeak, VECTORS } from './simd-peak';

const each = (line: (index: number) => string): string =>
  Array.from({ length: VECTORS }, (_, index) => line(index)).join('\n');

/** The module around one operation on a vector. */
function text(operation: (vector: string) => string): string {
  const sum = Array.from({ length: VECTORS }, (_, index) => `(local.get $a${index})`).reduce(
    (before, vector) => `(f32x4.add ${before} ${vector})`,
  );
  return `(module
    (func (export "run") (param $n i32) (result f32)
      (local $x v128) (local $y v128) ${each((index) => `(local $a${index} v128)`)}
      (local.set $x (f32x4.splat (f32.const 0.5)))
      (local.set $y (f32x4.splat (f32.const 1)))
      (loop $again
        ${each((index) => `(local.set $a${index} ${operation(`(local.get $a${index})`)})`)}
        (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (f32x4.extract_lane 0 ${sum})))`;
}

function assembled(source: string): string {
  const module = binaryen.parseText(source);
  module.setFeatures(binaryen.Features.SIMD128 | binaryen.Features.RelaxedSIMD);
  return Buffer.from(module.emitBinary()).toString('base64');
}

describe('the modules are what their text says', () => {
  test('multiplication and addition', () => {
    const source = text((vector) => `(f32x4.add (f32x4.mul ${vector} (local.get $x)) (local.get $y))`);
    expect(MULTIPLY_ADD_MODULE).toBe(assembled(source));
  });
  test('relaxed_madd', () => {
    const source = text((vector) => `(f32x4.relaxed_madd ${vector} (local.get $x) (local.get $y))`);
    expect(RELAXED_MODULE).toBe(assembled(source));
  });
});

test('the loop works out the sum of its series', () => {
  const bytes = Uint8Array.from(atob(MULTIPLY_ADD_MODULE), (letter) => letter.charCodeAt(0));
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  // a ← a/2 + 1 from 0: 1, 1.5, 1.75, …
  expect((run as (rounds: number) => number)(3)).toBe(VECTORS * 1.75);
});

test('a machine does more than a billion operations a second', () => {
  const { multiplyAdd, relaxed } = simdPeak();
  expect(multiplyAdd).toBeGreaterThan(1);
  if (relaxed !== null) expect(relaxed).toBeGreaterThan(1);
});
