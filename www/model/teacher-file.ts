/** A file of weights as a teacher: which network it is of. */

import { failure } from '../engine/failure';
import type { Net } from '../engine/generated/types';
import type { OwnTeacher } from '../engine/own-teacher';
import { readTensors, type Tensors } from './safetensors';

/** Throws a `Failure` for what is no file of weights. */
export function teacherIn(file: string, bytes: Uint8Array<ArrayBuffer>): OwnTeacher {
  const stem = file.replace(/\.safetensors$/i, '').replace(/[^\p{L}\p{N}]+/gu, '-');
  return { name: `own-${stem}-${checksum(bytes)}`, net: networkIn(file, bytes), bytes };
}

function networkIn(name: string, bytes: Uint8Array<ArrayBuffer>): Net {
  let read: Tensors;
  try {
    read = readTensors(bytes);
    if (read.metadata.net) return JSON.parse(read.metadata.net) as Net;
  } catch (thrown) {
    const detail = String(thrown);
    throw failure('checkpoint_invalid', detail, { name, fault: { code: 'format', detail } });
  }
  return networkOf(name, read);
}

/** A perceptron or a CNN by the shapes of its tensors, where its file does not say what it is. */
function networkOf(name: string, { tensors }: Tensors): Net {
  const shapeOf = (tensor: string): readonly number[] => {
    const found = tensors.get(tensor);
    if (found) return found.entry.shape;
    throw failure('checkpoint_invalid', `no tensor ${tensor}`, {
      name,
      fault: { code: 'tensor_missing', tensor },
    });
  };
  const count = [...tensors.keys()].filter((tensor) => /^layers\.\d+\.weight$/.test(tensor)).length;
  const layers = Array.from({ length: Math.max(1, count) }, (_, layer) => ({
    weight: shapeOf(`layers.${layer}.weight`),
    // As wide as its biases are many: weights may have come the other way round, which is then told.
    width: shapeOf(`layers.${layer}.bias`)[0] ?? 0,
  }));
  const convolutions = layers.filter(({ weight }) => weight.length === 4);
  const hidden = layers.slice(convolutions.length, -1).map(({ width }) => width);
  if (convolutions.length === 0) return { mlp: { hidden } } as Net;
  const kernel = convolutions[0]!.weight[2]!;
  return { cnn: { channels: convolutions.map(({ width }) => width), kernel, hidden } } as Net;
}

/** FNV-1a over 32 bits: two files of one name are told apart, and nothing depends on it. */
function checksum(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
