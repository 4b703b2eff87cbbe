/** What gzip leaves of models' files: each is asked of the engine once, for as long as its weights stay. */

import type { Models } from '../../model/models';

export class Gzipped {
  /** Bytes by the name of the weights; null while they are worked out, and where that failed. */
  #known = $state.raw<ReadonlyMap<string, number | null>>(new Map());

  constructor(private readonly models: Pick<Models, 'weights' | 'weightsName'>) {}

  /** Bytes; null while they are not known. */
  of(model: string): number | null {
    const name = this.models.weightsName(model);
    return name === null ? null : (this.#known.get(name) ?? null);
  }

  /** Works out what is not known yet, one file after another. */
  async find(models: readonly string[]): Promise<void> {
    for (const model of models) {
      const name = this.models.weightsName(model);
      if (name === null || this.#known.has(name)) continue;
      this.#keep(name, null);
      try {
        this.#keep(name, await gzipBytes(await this.models.weights(model)));
      } catch {
        // Another race has taken the place of the one that was asked about; the table stays without the number.
      }
    }
  }

  #keep(name: string, bytes: number | null): void {
    this.#known = new Map(this.#known).set(name, bytes);
  }
}

async function gzipBytes(file: Uint8Array<ArrayBuffer>): Promise<number> {
  const packed = new Blob([file]).stream().pipeThrough(new CompressionStream('gzip'));
  return (await new Response(packed).arrayBuffer()).byteLength;
}
