/** Fetching with progress, in the worker. */

import { failure } from './failure';

/** Hears the address of every file that came. */
let hear: (address: string) => void = () => undefined;

export function hearFetched(listener: (address: string) => void): void {
  hear = listener;
}

export type OnBytes = (loadedBytes: number, totalBytes: number) => void;

/** The bytes of a file as they came; tells how many are here after every chunk. `totalBytes` is 0 if unknown. */
export async function fetchBytes(
  url: URL,
  cache: RequestCache,
  onBytes: OnBytes,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetchOk(url, cache);
  const total = lengthOf(response);
  if (!response.body) return new Uint8Array(await response.arrayBuffer());
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    chunks.push(part.value);
    loaded += part.value.byteLength;
    onBytes(loaded, total);
  }
  return join(chunks, loaded);
}

/** A response that tells how much of it has come while another reads it. */
export async function fetchCounted(url: URL, type: string, onBytes: OnBytes): Promise<Response> {
  const response = await fetchOk(url, 'default');
  if (!response.body) return response;
  const total = lengthOf(response);
  let loaded = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      loaded += chunk.byteLength;
      onBytes(loaded, total);
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(counter), { headers: { 'content-type': type } });
}

export async function fetchText(url: URL, cache: RequestCache): Promise<string> {
  return (await fetchOk(url, cache)).text();
}

async function fetchOk(url: URL, cache: RequestCache): Promise<Response> {
  const name = url.pathname.split('/').pop() ?? url.pathname;
  let response: Response;
  try {
    response = await fetch(url, { cache });
  } catch (thrown) {
    throw failure('fetch_failed', `${name}: ${detailOf(thrown)}`, { name, status: null });
  }
  const { ok, status } = response;
  if (!ok) throw failure('fetch_failed', `${name}: HTTP ${status}`, { name, status });
  hear(url.href);
  return response;
}

const detailOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** The length a response announces; 0 if it is none of the bytes that we shall see. */
function lengthOf({ headers }: Response): number {
  return headers.has('content-encoding') ? 0 : Number(headers.get('content-length') ?? 0);
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

/** Unpacks gzip; a truncated or damaged stream is a `data_corrupt` failure. */
export async function gunzip(name: string, packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  try {
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (thrown) {
    const detail = detailOf(thrown);
    throw failure('data_corrupt', `${name}: ${detail}`, { name, fault: { code: 'unpack', detail } });
  }
}

/** A file as it is, or what is in it if it is gzipped. */
export async function unpacked(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return isGzip ? gunzip(name, bytes) : bytes;
}
