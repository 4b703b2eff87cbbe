/** Whole numbers separated by commas or spaces, Chinese commas too; nothing at all is a network without hidden layers. */
export function parseWidths(text: string): number[] | null {
  const words = text.split(/[\s,，、]+/).filter((word) => word !== '');
  const widths = words.map(Number);
  return widths.every((width) => Number.isInteger(width) && width > 0) ? widths : null;
}
