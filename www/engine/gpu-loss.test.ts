import { afterEach, expect, test, vi } from 'vitest';
import { watchGpu } from './gpu-loss';

afterEach(() => void vi.unstubAllGlobals());

/** An adapter whose devices are lost for this reason. */
function adapterOf(reason: string) {
  class GPUAdapter {
    async requestDevice() {
      return { lost: Promise.resolve({ reason, message: '' }) };
    }
  }
  vi.stubGlobal('GPUAdapter', GPUAdapter);
  return new GPUAdapter();
}

test('a GPU that is lost is told; a device that the engine itself destroyed is not', async () => {
  for (const [reason, calls] of [
    ['unknown', 1],
    ['destroyed', 0],
  ] as const) {
    const adapter = adapterOf(reason);
    const lost = vi.fn();
    watchGpu(lost);
    await adapter.requestDevice();
    await Promise.resolve();
    expect(lost).toHaveBeenCalledTimes(calls);
  }
});

test('a browser without WebGPU is left alone', () => {
  expect(() => watchGpu(() => undefined)).not.toThrow();
});
