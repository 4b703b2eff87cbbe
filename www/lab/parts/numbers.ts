/** Numbers of a list as they are typed: whole ones separated by commas or spaces; a dash is a place without one. */

export function parseNumbers(text: string): (number | null)[] | null {
  const words = text.split(/[\s,，、]+/).filter((word) => word !== '');
  const numbers = words.map((word) => (/^[-–—]$/.test(word) ? null : Number(word)));
  return numbers.every((number) => number === null || (Number.isInteger(number) && number >= 0))
    ? numbers
    : null;
}

export function formatNumbers(numbers: readonly unknown[]): string {
  return numbers.map((number) => (number === null ? '–' : String(number))).join(', ');
}
