/** The weights of a network's first layer as pictures: what each unit, filter or value of a patch looks for. */

import type { WeightsFile } from './packed-weights';

export interface FirstLayer {
  /** What a picture is of: a unit that sees the whole digit, a filter that is moved over it, or a value of a patch's token. */
  readonly of: 'unit' | 'filter' | 'patch';
  /** Side of a picture in pixels. */
  readonly side: number;
  /** Weights row by row. */
  readonly pictures: readonly Float32Array[];
}

const SIDE = 28;
const PATCH = 7;

/** Null for a network whose first layer sees no picture as one, as a recurrent one that reads row by row. */
export function firstLayer(file: WeightsFile): FirstLayer | null {
  const [[kind, spec] = ['', {}]] = Object.entries(file.net);
  if (kind === 'mlp')
    return ofPerceptron(file, spec as { hidden?: number[]; rank?: number | null; outputs?: number });
  if (kind === 'cnn') return ofConvolution(file, spec as { channels?: number[]; kernel?: number });
  if (kind !== 'vit') return null;
  const weights = file.tensors.get('layers.0.weight');
  return weights ? { of: 'patch', side: PATCH, pictures: columns(weights.values, PATCH ** 2) } : null;
}

function ofPerceptron(
  file: WeightsFile,
  { hidden = [], rank, outputs = 10 }: { hidden?: number[]; rank?: number | null; outputs?: number },
): FirstLayer | null {
  const [from, to] = [SIDE ** 2, hidden[0] ?? outputs];
  const weights =
    rank === undefined || rank === null || hidden.length === 0
      ? file.weights('layers.0.weight', [from, to])
      : product(
          file.weights('layers.0.first_factor', [from, rank]),
          file.weights('layers.0.second_factor', [rank, to]),
          rank,
        );
  return weights && { of: 'unit', side: SIDE, pictures: columns(weights, from) };
}

function ofConvolution(
  file: WeightsFile,
  { channels = [], kernel = 5 }: { channels?: number[]; kernel?: number },
): FirstLayer | null {
  const weights = file.weights('layers.0.weight', [channels[0] ?? 0, 1, kernel, kernel]);
  if (!weights) return null;
  const size = kernel ** 2;
  const pictures = Array.from({ length: weights.length / size }, (_, i) =>
    weights.slice(i * size, (i + 1) * size),
  );
  return { of: 'filter', side: kernel, pictures };
}

/** The columns of a matrix of so many rows. */
function columns(matrix: Float32Array, rows: number): Float32Array[] {
  const count = matrix.length / rows;
  return Array.from({ length: count }, (_, column) =>
    Float32Array.from({ length: rows }, (_, row) => matrix[row * count + column]!),
  );
}

/** The product of two thin matrices; null where one is missing. */
function product(first: Float32Array | null, second: Float32Array | null, rank: number): Float32Array | null {
  if (!first || !second) return null;
  const width = second.length / rank;
  return Float32Array.from({ length: (first.length / rank) * width }, (_, at) => {
    const [row, column] = [Math.floor(at / width), at % width];
    let sum = 0;
    for (let i = 0; i < rank; i += 1) sum += first[row * rank + i]! * second[i * width + column]!;
    return sum;
  });
}
