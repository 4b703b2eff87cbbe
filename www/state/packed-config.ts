/**
 * What differs from a recipe, packed for a link: a list of `[path, value]`, or `[path]` for a field that is taken away. What comes out
 * is read like the pairs of a hash.
 */

import type { Allowed } from '../engine/page-failures';
import { packText, unpackText } from '../model/packed-text';
import type { Change, Json } from '../model/paths';
import { canBeSent, PACKED, type ParsedHash, type Refused } from './hash';
import { overridden } from './overridden';

/** Several times what the largest experiment differs by. */
const MOST_BYTES = 64_000;

const FORMAT = 'deflate';

/** What stands behind `config.data=` in a link; null for what nobody would unpack. */
export async function packChanges(changes: readonly Change[]): Promise<string | null> {
  const text = JSON.stringify(
    changes.map(({ path, value }) => (value === undefined ? [path] : [path, value])),
  );
  return new TextEncoder().encode(text).length > MOST_BYTES ? null : packText(text, FORMAT);
}

/** The changes, or what a text would have to be. Never rejects. */
export async function unpackChanges(packed: string): Promise<readonly Change[] | Allowed> {
  if (typeof DecompressionStream === 'undefined') return { code: 'browser_that_unpacks' };
  try {
    return changesIn(JSON.parse(await unpackText(packed, FORMAT, MOST_BYTES)) as Json);
  } catch (thrown) {
    return thrown instanceof RangeError
      ? { code: 'unpacked_bytes', max: MOST_BYTES }
      : { code: 'packed_whole' };
  }
}

function changesIn(list: Json): Change[] {
  if (!Array.isArray(list)) throw new TypeError('no list');
  return list.map((entry) => {
    if (!Array.isArray(entry) || typeof entry[0] !== 'string' || entry.length > 2)
      throw new TypeError('no change');
    return { path: entry[0], value: entry[1] };
  });
}

/** The changes that a hash carries packed, but for those that others beside them undo; what cannot be taken is added to `refused`. */
export async function carriedChanges(
  { packedChanges, changes }: Pick<ParsedHash, 'packedChanges' | 'changes'>,
  refused: Refused[],
): Promise<readonly Change[]> {
  if (packedChanges === null) return [];
  const unpacked = await unpackChanges(packedChanges);
  if ('code' in unpacked) {
    refused.push({ path: PACKED, value: packedChanges, allowed: unpacked, because: 'not_allowed' });
    return [];
  }
  const sendable = unpacked.filter(({ path, value }) => {
    const isSendable = canBeSent(value);
    if (!isSendable) refused.push({ path, value: '…', allowed: null, because: 'not_allowed' });
    return isSendable;
  });
  const undone = new Set(overridden([...sendable, ...changes]));
  return sendable.filter((change) => !undone.has(change));
}
