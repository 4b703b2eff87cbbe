/** The middle of some numbers; of an even count, the mean of the middle two. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** The largest relative difference; NaN as soon as one number is none. */
export function distance(found, expected) {
  return Math.max(...expected.map((value, index) => Math.abs(found[index] - value) / Math.abs(value)));
}
