/** The sliders' positions, and what they ask for. */

import type { Compression, Net, Scope } from '../../engine/generated/types';

/** Shares of the weights that are kept, from all of them down. */
export const SHARES = [
  1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1, 0.07, 0.05, 0.03, 0.02, 0.01,
];

/** Bits of a weight, from as many as it is trained with down. */
export const BITS = [32, 8, 7, 6, 5, 4, 3, 2, 'three'] as const;

export type Bits = (typeof BITS)[number];

/** What weights are held to; nothing where both are as trained. */
export function waysFor(share: number, bits: Bits, scope: Scope): Compression[] {
  const ways: Compression[] = [];
  if (share < 1) ways.push({ prune: { kept: share, scope, by: 'magnitude' } });
  if (bits === 'three') ways.push({ ternarise: { per: 'tensor' } });
  else if (bits < 32) ways.push({ quantise: { bits, per: 'tensor' } });
  return ways;
}

/** The layers that a network can be cut down to: blocks, or hidden layers of one width; 1 where none can stand in for another. */
export function depthOf(net: Net | null): number {
  if (net && 'vit' in net) return net.vit.depth ?? 1;
  if (!net || !('mlp' in net)) return 1;
  const { hidden = [] } = net.mlp;
  return hidden.every((width) => width === hidden[0]) ? Math.max(1, hidden.length) : 1;
}
