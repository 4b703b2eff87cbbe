/** The helper that answers for a busy worker, in a thread of its own; see `pulse.ts`. It ends with the worker that began it. */

addEventListener('message', ({ ports: [port] }: MessageEvent) => {
  if (port) port.onmessage = () => port.postMessage(null);
});
