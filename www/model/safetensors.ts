/** Files of tensors (https://github.com/huggingface/safetensors): eight bytes of length, a JSON header, and the values. */

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

export interface Tensors {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, { readonly entry: Entry; readonly bytes: Uint8Array<ArrayBuffer> }>;
}

const LENGTH_BYTES = 8;

/** Throws a `SyntaxError` for what is no such file. */
export function readTensors(file: Uint8Array<ArrayBuffer>): Tensors {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = file.byteLength < LENGTH_BYTES ? Number.NaN : Number(view.getBigUint64(0, true));
  const from = LENGTH_BYTES + length;
  if (!(from <= file.byteLength)) throw new SyntaxError('the header is longer than the file');
  const text = new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(LENGTH_BYTES, from));
  const { __metadata__: metadata = {}, ...entries } = JSON.parse(text) as Record<string, Entry> & {
    __metadata__?: Record<string, string>;
  };
  const tensors = Object.entries(entries as Record<string, Entry>).map(([name, entry]) => {
    const [start, end] = entry.data_offsets ?? [];
    if (!(start >= 0 && end >= start && from + end <= file.byteLength && Array.isArray(entry.shape)))
      throw new SyntaxError(`${name}: its values lie beyond the file`);
    return [name, { entry, bytes: file.subarray(from + start, from + end) }] as const;
  });
  return { metadata, tensors: new Map(tensors) };
}

/** One file of several, each tensor by the name of its file and its own. */
export function mergedTensors(
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const all = [...files].flatMap(([file, bytes]) =>
    [...readTensors(bytes).tensors].map(([name, tensor]) => ({ name: `${file}/${name}`, ...tensor })),
  );
  let end = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  for (const { name, entry, bytes } of all) {
    header[name] = { ...entry, data_offsets: [end, end + bytes.length] };
    end += bytes.length;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // Values begin where eight divides, as those who map the file into memory expect.
  const length = Math.ceil(json.length / LENGTH_BYTES) * LENGTH_BYTES;
  const made = new Uint8Array(LENGTH_BYTES + length + end).fill(0x20, LENGTH_BYTES, LENGTH_BYTES + length);
  new DataView(made.buffer).setBigUint64(0, BigInt(length), true);
  made.set(json, LENGTH_BYTES);
  let at = LENGTH_BYTES + length;
  for (const { bytes } of all) {
    made.set(bytes, at);
    at += bytes.length;
  }
  return made;
}
