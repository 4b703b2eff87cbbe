/** A bias in tenths with its sign, as people write it. */
export function biasText(tenths: number): string {
  const size = Math.abs(tenths / 10).toFixed(1);
  if (tenths === 0) return size;
  return `${tenths > 0 ? '+' : '−'}${size}`;
}
