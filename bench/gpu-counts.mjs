// What is asked of WebGPU, counted at its own methods. Imported before any engine, so that none escapes.

const counts = {};

function reset() {
  for (const name of ['dispatches', 'submits', 'uploaded', 'readBack', 'buffers', 'shaders', 'pipelines']) {
    counts[name] = 0;
  }
}

/** Calls `note` with the arguments of a method before each call of it. */
function watch(owner, method, note) {
  const prototype = globalThis[owner]?.prototype;
  const original = prototype?.[method];
  if (!original) return;
  prototype[method] = function watched(...args) {
    note(args, this);
    return original.apply(this, args);
  };
}

/** Bytes that `writeBuffer` sends; its offset and size count elements of a typed array, bytes of a buffer. */
function written(data, offset = 0, size = undefined) {
  const unit = data.BYTES_PER_ELEMENT ?? 1;
  return size === undefined ? data.byteLength - offset * unit : size * unit;
}

export function watchGpu() {
  reset();
  for (const method of ['dispatchWorkgroups', 'dispatchWorkgroupsIndirect']) {
    watch('GPUComputePassEncoder', method, () => {
      counts.dispatches += 1;
    });
  }
  watch('GPUQueue', 'submit', () => {
    counts.submits += 1;
  });
  watch('GPUQueue', 'writeBuffer', ([, , data, offset, size]) => {
    counts.uploaded += written(data, offset, size);
  });
  watch('GPUQueue', 'writeTexture', ([, data]) => {
    counts.uploaded += data.byteLength;
  });
  watch('GPUDevice', 'createBuffer', ([{ size, mappedAtCreation }]) => {
    counts.buffers += 1;
    if (mappedAtCreation) counts.uploaded += size;
  });
  watch('GPUBuffer', 'mapAsync', ([mode, offset = 0, size], buffer) => {
    const bytes = size ?? buffer.size - offset;
    counts[mode & GPUMapMode.READ ? 'readBack' : 'uploaded'] += bytes;
  });
  watch('GPUDevice', 'createShaderModule', () => {
    counts.shaders += 1;
  });
  for (const method of ['createComputePipeline', 'createComputePipelineAsync']) {
    watch('GPUDevice', method, () => {
      counts.pipelines += 1;
    });
  }
}

/** What was asked since the last call. */
export function takeCounts() {
  const taken = { ...counts };
  reset();
  return taken;
}
