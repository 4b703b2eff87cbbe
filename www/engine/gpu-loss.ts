/**
 * Tells when a GPU is lost: its process has ended, its driver was reset. What waits for a lost device may never settle
 * (a buffer's `mapAsync`, behind it an `advance`), so the loss has to be heard of beside it.
 */

interface Device {
  readonly lost: Promise<{ reason: string; message: string }>;
}

interface Adapters {
  requestDevice(descriptor?: object): Promise<Device>;
}

/** Watches every GPU device that this worker asks for from now on. */
export function watchGpu(lost: (message: string) => void): void {
  const { GPUAdapter } = globalThis as { GPUAdapter?: { prototype: Adapters } };
  if (!GPUAdapter) return;
  const { prototype } = GPUAdapter;
  const request = prototype.requestDevice;
  prototype.requestDevice = async function watched(this: Adapters, descriptor?: object): Promise<Device> {
    const device = await request.call(this, descriptor);
    void device.lost.then(({ reason, message }) => {
      // `destroyed` is what the engine itself asked for.
      if (reason !== 'destroyed') lost(message || reason);
    });
    return device;
  };
}
