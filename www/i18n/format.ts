/** Numbers as people read them, in the page's language. */

import { locale } from './locale.svelte';
import { m } from './messages';

/** A whole number with separators. */
export function count(value: number): string {
  return new Intl.NumberFormat(locale()).format(Math.round(value));
}

/** Several things one after another, in the language's way. */
export function list(items: readonly string[]): string {
  // Of type `unit` Chinese would have nothing at all between them.
  return new Intl.ListFormat(locale(), { type: 'conjunction', style: 'narrow' }).format(items);
}

/** A share of 1 in per cent, with as many decimals as given. */
export function percent(share: number, decimals = 1): string {
  const options = {
    style: 'percent',
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  } as const;
  return new Intl.NumberFormat(locale(), options).format(share);
}

/** A number with so many decimals. */
export function decimal(value: number, decimals: number): string {
  const options = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return new Intl.NumberFormat(locale(), options).format(value);
}

/** A number with two significant figures. */
export function significant(value: number): string {
  return new Intl.NumberFormat(locale(), { maximumSignificantDigits: 2 }).format(value);
}

/** A length of time: tenths of a second below a minute, minutes and seconds above. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return m.duration_seconds({ seconds: decimal(seconds, 1) });
  const whole = Math.round(seconds);
  return m.duration_minutes({ minutes: Math.floor(whole / 60), seconds: whole % 60 });
}

/** Time that is left: whole seconds, since it is an estimate. */
export function timeLeft(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 60) return m.duration_seconds({ seconds });
  return m.duration_minutes({ minutes: Math.floor(seconds / 60), seconds: seconds % 60 });
}

export function megabytes(bytes: number): string {
  return m.megabytes({ size: decimal(bytes / 1e6, 1) });
}

/** A p-value as papers print it. */
export function pValue(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${decimal(p, 3)}`;
}
