/**
 * What may stand in a lesson's text beside words: `[[soft-target]]` or `[[soft-target|soft targets]]`, a term of the glossary;
 * `{race.errors.student}`, a fact; `**so**`, which is stressed.
 */

export type Piece =
  | { readonly kind: 'words'; readonly words: string }
  | { readonly kind: 'strong'; readonly words: string }
  /** `words` is null where the glossary's own stand. */
  | { readonly kind: 'term'; readonly id: string; readonly words: string | null }
  | { readonly kind: 'fact'; readonly fact: string };

const MARKS = /\[\[([\w-]+)(?:\|([^\]]+))?\]\]|\{([\w.-]+)\}|\*\*([^*]+)\*\*/g;

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  const put = (words: string): void => {
    if (words !== '') pieces.push({ kind: 'words', words });
  };
  for (const match of text.matchAll(MARKS)) {
    put(text.slice(at, match.index));
    at = match.index + match[0].length;
    const [, id, words, fact, strong] = match;
    if (id !== undefined) pieces.push({ kind: 'term', id, words: words ?? null });
    else if (fact !== undefined) pieces.push({ kind: 'fact', fact });
    else pieces.push({ kind: 'strong', words: strong! });
  }
  put(text.slice(at));
  return pieces;
}

/** Facts that a text tells. */
export function factsIn(text: string): string[] {
  return piecesOf(text).flatMap((piece) => (piece.kind === 'fact' ? [piece.fact] : []));
}
