/**
 * Numbers as people read them, in the page's language. None shows something that it is not: what is not nothing is never
 * written as 0, and what is not everything never as 100 %.
 */

import { locale } from './locale.svelte';
import { m } from './messages';

const NUMBERS = new Map<string, Intl.NumberFormat>();

/** Made once a language and way of writing: that takes longer than to use it a hundred times. */
function numbers(options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  const key = `${locale()} ${JSON.stringify(options)}`;
  const known = NUMBERS.get(key) ?? new Intl.NumberFormat(locale(), options);
  NUMBERS.set(key, known);
  return known;
}

/** A whole number with separators. */
export function count(value: number): string {
  return numbers().format(Math.round(value));
}

/** Several things one after another, in the language's way. */
export function list(items: readonly string[]): string {
  // Of type `unit` Chinese would have nothing at all between them.
  return new Intl.ListFormat(locale(), { type: 'conjunction', style: 'narrow' }).format(items);
}

/** Sentences one after another; an empty one is none. Chinese has no space between them. */
export function sentences(...all: readonly string[]): string {
  return all.filter((one) => one !== '').join(locale() === 'zh' ? '' : ' ');
}

// Beyond this a share is shown as 0 % or 100 % after all: a double holds no more.
const MOST_DECIMALS = 12;

/** A share of 1 in per cent, with as many decimals as given; with more where it would be shown as all or nothing. */
export function percent(share: number, decimals = 1): string {
  const isShownAsWhole = (places: number): boolean => {
    const shown = Number((share * 100).toFixed(places));
    return (shown === 0 && share !== 0) || (shown === 100 && share !== 1);
  };
  let places = decimals;
  while (places < MOST_DECIMALS && isShownAsWhole(places)) places += 1;
  const options = {
    style: 'percent',
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  } as const;
  return numbers(options).format(share);
}

function fixed(value: number, decimals: number): string {
  const options = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return numbers(options).format(value);
}

/** Small numbers as JavaScript writes them, since both languages have a decimal point: 0.0001, 1e-7. */
function plain(value: number): string {
  return Math.abs(value) < 1000 ? String(value) : numbers().format(value);
}

/** A measured number with so many decimals; one that would be shown as 0 with two significant figures instead. */
export function measured(value: number, decimals: number): string {
  const isShownAsNothing = value !== 0 && Number(value.toFixed(decimals)) === 0;
  return isShownAsNothing ? plain(Number(value.toPrecision(2))) : fixed(value, decimals);
}

// What arithmetic adds to a number someone has set, as 1 − 0.9, lies behind these.
const EXACT_DIGITS = 12;

/** A number that someone has set, just as it is. */
export function exact(value: number): string {
  const set = Number(value.toPrecision(EXACT_DIGITS));
  if (Math.abs(set) < 1000) return String(set);
  return numbers({ maximumFractionDigits: EXACT_DIGITS }).format(set);
}

/** A share of 1 that someone has set, in per cent, just as it is. */
export function exactPercent(share: number): string {
  const options = { style: 'percent', maximumFractionDigits: EXACT_DIGITS } as const;
  return numbers(options).format(share);
}

/** A number on its way from one to another: three significant figures, and no zeros behind them. */
export function figures(value: number): string {
  return Math.abs(value) < 1000 ? plain(Number(value.toPrecision(3))) : count(value);
}

/** A number with two significant figures. */
export function significant(value: number): string {
  return plain(Number(value.toPrecision(2)));
}

/** A length of time: tenths of a second below a minute, minutes and seconds above. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 59.95) return m.duration_seconds({ seconds: measured(seconds, 1) });
  const whole = Math.round(seconds);
  return m.duration_minutes({ minutes: Math.floor(whole / 60), seconds: whole % 60 });
}

/** Time that is left, as coarse as an estimate is: seconds, five seconds from a minute on, minutes from ten. */
export function timeLeft(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 60) return m.duration_seconds({ seconds });
  if (seconds <= 600) {
    const fives = Math.ceil(seconds / 5) * 5;
    return m.duration_minutes({ minutes: Math.floor(fives / 60), seconds: fives % 60 });
  }
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return m.duration_whole_minutes({ minutes });
  return m.duration_hours({ hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

/** Date and time of a moment, in milliseconds since 1970. */
export function dateTime(ms: number): string {
  return dates(locale()).format(ms);
}

const DATES = new Map<string, Intl.DateTimeFormat>();

/** Made once a language: that takes longer than to use it hundreds of times. */
function dates(language: string): Intl.DateTimeFormat {
  const known =
    DATES.get(language) ?? new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'short' });
  DATES.set(language, known);
  return known;
}

/** A large whole number with three significant figures, in the language's short form: 109K. */
export function compact(value: number): string {
  const options = { notation: 'compact', maximumSignificantDigits: 3 } as const;
  return numbers(options).format(value);
}

/** A file's size: kilobytes below a megabyte, both in powers of ten. */
export function bytes(size: number): string {
  const kilobytes = size / 1000;
  if (kilobytes < 999.5) return m.kilobytes({ size: measured(kilobytes, kilobytes < 9.95 ? 1 : 0) });
  return megabytes(size);
}

export function megabytes(bytes: number): string {
  return m.megabytes({ size: measured(bytes / 1e6, 1) });
}

/**
 * A p-value as papers print it, with as many decimals as it takes to stand on its side of `level`, below which a
 * difference counts as one: 0.0499 is not written as 0.050.
 */
export function pValue(p: number, level: number): string {
  if (p < 0.001) return inOneLine('p < 0.001');
  for (let decimals = 3; decimals <= MOST_DECIMALS; decimals += 1) {
    if (Number(p.toFixed(decimals)) < level === p < level) return inOneLine(`p = ${fixed(p, decimals)}`);
  }
  return inOneLine(`p < ${level}`);
}

/** A short formula, which no line breaks. */
function inOneLine(formula: string): string {
  return formula.replaceAll(' ', '\u00a0');
}
