/** What is read from a matrix of counts by label and first choice. */

export interface Cell {
  readonly label: number;
  readonly choice: number;
}

export type Counts = readonly (readonly number[])[];

/** Cells that hold digits, from left to right and from above. */
function cellsOf(counts: Counts): (Cell & { size: number })[] {
  return counts
    .flatMap((row, label) => row.map((size, choice) => ({ label, choice, size })))
    .filter(({ size }) => size > 0);
}

/** The cell off the diagonal with the most digits, the first of equals; null where all are right. */
export function largestConfusion(counts: Counts): Cell | null {
  const wrong = cellsOf(counts).filter(({ label, choice }) => label !== choice);
  const most = Math.max(...wrong.map(({ size }) => size));
  return wrong.find(({ size }) => size === most) ?? null;
}

/** Digits off the diagonal. */
export function wrongIn(counts: Counts): number {
  return cellsOf(counts).reduce((sum, { label, choice, size }) => (label === choice ? sum : sum + size), 0);
}

/** Places of a cell's digits, rising. */
export function placesOf(choices: Uint8Array, labels: Uint8Array, { label, choice }: Cell): number[] {
  const places: number[] = [];
  choices.forEach((one, place) => {
    if (one === choice && labels[place] === label) places.push(place);
  });
  return places;
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** The next cell with digits that a key leads to; null for another key, and at the edge. */
export function nextCell(counts: Counts, from: Cell, key: string): Cell | null {
  const cells = cellsOf(counts);
  if (key === 'Home') return cells[0] ?? null;
  if (key === 'End') return cells.at(-1) ?? null;
  const step = STEPS[key];
  if (!step) return null;
  let { label, choice } = from;
  do {
    label += step[0];
    choice += step[1];
    if ((counts[label]?.[choice] ?? 0) > 0) return { label, choice };
  } while (counts[label]?.[choice] !== undefined);
  return null;
}
