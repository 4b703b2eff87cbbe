/**
 * Reads what the engine gives of a model: a safetensors file, in which weights that are held small are packed as the crate's
 * `src/compress/packed.rs` describes.
 */

import { readTensors } from './safetensors';

export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** How a packed parameter is written. */
interface Form {
  /** Bits of a code; none for f32. */
  readonly bits?: number;
  readonly zeros?: 'mask' | 'gaps';
}

export interface WeightsFile {
  /** The network, as a config has it. */
  readonly net: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Tensors of f32 by name. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** A parameter of that shape, packed or not; null where the file has none of that name. */
  weights(name: string, shape: readonly number[]): Float32Array | null;
}

/** Tensors of other types than f32 and bytes are left out. Throws for bytes that are no such file. */
export function readWeights(file: Uint8Array): WeightsFile {
  const read = readTensors(Uint8Array.from(file));
  const tensors = new Map<string, Tensor>();
  const bytes = new Map<string, Uint8Array>();
  for (const [name, { entry, bytes: data }] of read.tensors) {
    // A copy begins where a Float32Array may: in the file it is any number of bytes in.
    if (entry.dtype === 'F32')
      tensors.set(name, { shape: entry.shape, values: new Float32Array(data.slice().buffer) });
    else if (entry.dtype === 'U8') bytes.set(name, data);
  }
  const forms = JSON.parse(read.metadata.packed ?? '{}') as Record<string, Form>;
  return {
    net: JSON.parse(read.metadata.net ?? '{}') as WeightsFile['net'],
    tensors,
    weights: (name, shape) => {
      const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
      return form ? unpacked({ name, shape, form, tensors, bytes }) : (tensors.get(name)?.values ?? null);
    },
  };
}

interface Packed {
  readonly name: string;
  readonly shape: readonly number[];
  readonly form: Form;
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly bytes: ReadonlyMap<string, Uint8Array>;
}

function unpacked({ name, shape, form, tensors, bytes }: Packed): Float32Array {
  const count = shape.reduce((all, size) => all * size, 1);
  const places = placesOf(form, count, bytes.get(`${name}.${form.zeros}`));
  const weights = new Float32Array(count);
  if (form.bits === undefined) {
    const values = tensors.get(`${name}.values`)!.values;
    places.forEach((place, i) => {
      weights[place] = values[i]!;
    });
    return weights;
  }
  const codes = numbersOf(bytes.get(`${name}.codes`)!, form.bits, places.length);
  const scales = tensors.get(`${name}.scales`)!.values;
  const most = 2 ** (form.bits - 1) - 1;
  // A scale for all, for each filter, or for each unit that weights lead into.
  const filter = count / shape[0]!;
  const groupOf = (place: number): number =>
    scales.length === 1 ? 0 : shape.length === 4 ? Math.floor(place / filter) : place % scales.length;
  places.forEach((place, i) => {
    weights[place] = (codes[i]! - most) * scales[groupOf(place)]!;
  });
  return weights;
}

/** Which of so many weights are there. */
function placesOf({ zeros }: Form, count: number, marks: Uint8Array | undefined): number[] {
  const all = Array.from({ length: count }, (_, place) => place);
  if (zeros === undefined || !marks) return all;
  if (zeros === 'mask') return all.filter((place) => ((marks[place >> 3]! >> (place & 7)) & 1) === 1);
  const places: number[] = [];
  let place = 0;
  for (const gap of marks) {
    place += gap;
    // 255 zeros and no weight yet.
    if (gap === 255) continue;
    places.push(place);
    place += 1;
  }
  return places;
}

/** Numbers of so many bits, the lowest bits of a byte first. */
function numbersOf(packed: Uint8Array, bits: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    let number = 0;
    for (let bit = 0; bit < bits; bit += 1) {
      const at = i * bits + bit;
      number |= ((packed[at >> 3]! >> (at & 7)) & 1) << bit;
    }
    return number;
  });
}
