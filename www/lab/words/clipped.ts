/** Links and files may hold anything; a sentence has room for so many characters of it. */
const MOST_CHARACTERS = 80;

export function clipped(text: string): string {
  const characters = [...text.slice(0, 2 * MOST_CHARACTERS)];
  return characters.length > MOST_CHARACTERS ? `${characters.slice(0, MOST_CHARACTERS).join('')}…` : text;
}
