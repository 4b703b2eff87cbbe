/** The digest of a model's weights as records and cards tell it, worked out from the weights themselves. */

import type { Tensor } from './packed-weights';

/** Parameters of networks whose layers each have a weight and a bias, which are kept in this order. */
const PARAMETER = /^layers\.(\d+)\.(weight|bias)$/;

/** Names in the order in which the engine keeps them; null for networks of other parameters. */
function inOrder(names: readonly string[]): string[] | null {
  const places = names.map((name) => {
    const [, layer, part] = PARAMETER.exec(name) ?? [];
    return layer === undefined ? null : 2 * Number(layer) + (part === 'bias' ? 1 : 0);
  });
  if (places.includes(null)) return null;
  return names
    .map((name, i) => ({ name, place: places[i]! }))
    .sort((a, b) => a.place - b.place)
    .map(({ name }) => name);
}

/**
 * SHA-256 of all weights as little-endian f32, hexadecimal; null where it cannot be worked out: of a network whose parameters
 * have another order, and on a page that the browser does not trust with cryptography (`http:` from another machine).
 */
export async function weightsDigest(tensors: ReadonlyMap<string, Tensor>): Promise<string | null> {
  const names = inOrder([...tensors.keys()]);
  if (names === null || names.length === 0 || !globalThis.crypto?.subtle) return null;
  const parts = names.map((name) => tensors.get(name)!.values);
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  const digest = await crypto.subtle.digest('SHA-256', all);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
