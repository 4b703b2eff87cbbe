/** Which runs a search finds: those in which every word of it stands somewhere. */

const plain = (text: string): string => text.normalize('NFKC').toLowerCase();

/** `texts`: what is known of a run, as the table shows it. */
export function isFound(query: string, texts: readonly string[]): boolean {
  const where = plain(texts.join('\n'));
  return plain(query)
    .split(/\s+/)
    .every((word) => where.includes(word));
}
