/** Tells how many shaders have been compiled, for the visitor who waits for them: a GPU engine may take seconds to. */

interface Compiles {
  createComputePipeline(descriptor: object): unknown;
}

/** Counts what every GPU device of this worker compiles from now on. */
export function countShaders(tell: (compiled: number) => void): void {
  const { GPUDevice } = globalThis as { GPUDevice?: { prototype: Compiles } };
  if (!GPUDevice) return;
  const { prototype } = GPUDevice;
  const compile = prototype.createComputePipeline;
  let compiled = 0;
  prototype.createComputePipeline = function counted(this: Compiles, descriptor: object): unknown {
    compiled += 1;
    tell(compiled);
    return compile.call(this, descriptor);
  };
}
