/**
 * Student's t with whole degrees of freedom, as a mean over seeds has them: its distribution is then a finite sum (Abramowitz and
 * Stegun 1964, 26.7.3 and 26.7.4), exact but for rounding, so that no library is needed for it.
 */

/** The probability of |t| or less. */
function within(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const isOdd = freedom % 2 === 1;
  let term = isOdd ? cos : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let k = isOdd ? 3 : 2; k < freedom; k += 2) {
    term *= (cos * cos * (k - 1)) / k;
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (angle + sin * sum) : sin * sum;
}

/** Two-sided p of a t with so many degrees of freedom. */
export function twoSidedP(t: number, freedom: number): number {
  if (t === 0) return 1;
  // Of large t the difference of two numbers near 1 has few digits left, and a p below this is told as p < 0.001.
  return Math.min(1, Math.max(0, 1 - within(Math.abs(t), freedom)));
}

/** The t that is exceeded on either side with a probability of `alpha` in all. */
export function criticalT(alpha: number, freedom: number): number {
  let [low, high] = [0, 1];
  while (twoSidedP(high, freedom) > alpha) [low, high] = [high, 2 * high];
  for (let halving = 0; halving < 60; halving += 1) {
    const middle = (low + high) / 2;
    if (twoSidedP(middle, freedom) > alpha) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The standard normal distribution (Abramowitz and Stegun 1964, 26.2.17), to 7.5e-8. */
function normal(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (series * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
  return x < 0 ? tail : 1 - tail;
}

/** ln Γ(n / 2), from Γ(1) = 1 and Γ(1/2) = √π. */
function logGammaOfHalf(n: number): number {
  let sum = n % 2 === 0 ? 0 : Math.log(Math.PI) / 2;
  for (let k = n % 2 === 0 ? 2 : 1; k < n; k += 2) sum += Math.log(k / 2);
  return sum;
}

const SLICES = 400;

/**
 * How likely a t-test of that threshold finds a shift of `shift` standard errors: the noncentral t beyond the critical one,
 * integrated over what the standard deviation may come out as (χ/√freedom).
 */
export function power(shift: number, freedom: number, alpha: number): number {
  const critical = criticalT(alpha, freedom);
  const logScale = Math.LN2 + (freedom / 2) * Math.log(freedom / 2) - logGammaOfHalf(freedom);
  // Beyond this many deviations of about 1 / √(2·freedom) nothing of the density is left.
  const most = 1 + 8 / Math.sqrt(2 * freedom);
  let sum = 0;
  for (let slice = 0; slice < SLICES; slice += 1) {
    const u = (most * (slice + 0.5)) / SLICES;
    const density = Math.exp(logScale + (freedom - 1) * Math.log(u) - (freedom * u * u) / 2);
    sum += density * (1 - normal(critical * u - shift) + normal(-critical * u - shift));
  }
  return Math.min(1, (sum * most) / SLICES);
}
