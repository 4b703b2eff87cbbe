/**
 * The pairs of a link's hash, read as they were meant. Chat programs, mail and people change a link on its way: they encode
 * it once more, wholly or in part, write `&amp;`, put a full stop or a bracket behind it, capitals or characters that
 * nobody sees into it, or a query's `?`. All of that can be undone, because a field's path holds none of these, and
 * `formatHash` puts quotes round every word that does.
 */

import type { Json } from '../model/paths';

export interface Pair {
  readonly path: string;
  /** What stands behind `=`, without encoding; null for a word without `=`. */
  readonly text: string | null;
}

/** A link is encoded a few times at most; more would be there to keep the page busy. */
const MOST_CODINGS = 4;
const HIDDEN_PAIR = /^[\w.-]*[=&]/;
const CODE = /%[0-9a-f]{2}/i;
const AMPERSANDS = /&(?:(?:amp|#38|#x26);)+/gi;
/** Soft hyphens, zero-width spaces and joiners, marks of direction, byte order marks, control characters. */
const UNSEEN = /[\p{Cc}\p{Cf}]/gu;
/** What follows a link in a sentence, a list, a quotation or a tag. */
const BEHIND = /[)\]}>»”’"'`*|~.,;:!?…，。、；：！？）】」』》]$/u;

/** Reads a hash, with or without its `#`; nothing in it makes this throw. */
export function pairsOf(hash: string): Pair[] {
  return pairsWithin(hash, 0);
}

/** `level`: how many links were found within others; links are not nested deeper than they are encoded. */
function pairsWithin(hash: string, level: number): Pair[] {
  let text = hash;
  // Without a single `=` to be seen, the whole of it is encoded.
  for (let i = 0; i < MOST_CODINGS && !text.includes('=') && /%(?:25)*3d/i.test(text); i += 1) {
    text = decoded(text);
  }
  // A second `#` and a `?` can only come from outside: a value has them encoded.
  const pieces = text.replace(AMPERSANDS, '&').split(/[&#?]/);
  return pieces.map((piece) => piece.replace(/^[!/]+/, '')).flatMap((piece) => pairOf(piece, level));
}

function pairOf(piece: string, level: number): Pair[] {
  const at = piece.indexOf('=');
  const path = fullyDecoded(spaced(at < 0 ? piece : piece.slice(0, at)));
  // A pair whose `=` is encoded, alone or together with the `&` behind it.
  if (HIDDEN_PAIR.test(path) && level < MOST_CODINGS) {
    return pairsWithin(at < 0 ? path : `${path}${piece.slice(at)}`, level + 1);
  }
  if (at < 0) {
    const word = trimmed(seen(path));
    return word === '' ? [] : [{ path: word, text: null }];
  }
  const text = textOf(piece.slice(at + 1));
  const next = text.indexOf('&');
  const key = seen(path).trim().toLowerCase();
  // Half encoded: further pairs stand in this one's value.
  if (next < 0 || parsed(text) !== undefined || level >= MOST_CODINGS) return [{ path: key, text }];
  return [{ path: key, text: text.slice(0, next) }, ...pairsWithin(text.slice(next), level + 1)];
}

/** A value without its encoding: decoded again only as long as it cannot be read as it stands. */
function textOf(raw: string): string {
  // A plus may be a sign, as in 1e+3, or what forms make of a space.
  let text = parsed(decoded(raw)) === undefined ? decoded(spaced(raw)) : decoded(raw);
  for (let i = 1; i < MOST_CODINGS && CODE.test(text) && parsed(text) === undefined; i += 1)
    text = decoded(text);
  return parsed(text) === undefined ? seen(text).replace(AMPERSANDS, '&').trim() : text;
}

/** The value a text stands for: JSON, or else a word; undefined, which takes a field away, if there is nothing. */
export function valueIn(text: string): Json | undefined {
  for (let rest = text; ; rest = rest.slice(0, -1).trimEnd()) {
    const value = parsed(rest);
    if (value !== undefined) return value;
    if (!BEHIND.test(rest)) break;
  }
  const word = trimmed(text);
  return word === '' ? undefined : word;
}

/** A word without what stands behind the link in a sentence. */
function trimmed(text: string): string {
  let word = text.trim();
  while (BEHIND.test(word)) word = word.slice(0, -1).trimEnd();
  return word;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function fullyDecoded(text: string): string {
  let result = text;
  for (let i = 0; i < MOST_CODINGS && CODE.test(result); i += 1) result = decoded(result);
  return result;
}

/** Decodes what can be; a stray per cent sign stays as it is. */
function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (codes) => {
    try {
      return decodeURIComponent(codes);
    } catch {
      return codes;
    }
  });
}

const spaced = (text: string): string => text.replaceAll('+', ' ');
const seen = (text: string): string => text.replace(UNSEEN, '');
