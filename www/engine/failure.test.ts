import { afterEach, expect, test, vi } from 'vitest';
import { toFailure } from './failure';
import { preflightWebAssembly } from './preflight';

afterEach(() => void vi.unstubAllGlobals());

test('a panic in wasm ends the engine; other errors are unexpected', () => {
  expect(toFailure(new WebAssembly.RuntimeError('unreachable')).code).toBe('engine_crashed');
  expect(toFailure(new TypeError('x'))).toMatchObject({ code: 'unexpected', message: 'TypeError: x' });
});

test('a browser without WebAssembly: errors stay readable, and the engine is refused by a code of its own', () => {
  vi.stubGlobal('WebAssembly', undefined);
  expect(toFailure(new TypeError('x')).code).toBe('unexpected');
  expect(preflightWebAssembly).toThrow(expect.objectContaining({ code: 'no_webassembly' }));
});
