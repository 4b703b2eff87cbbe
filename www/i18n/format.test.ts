import fc from 'fast-check';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import * as format from './format';
import { useLocale } from './locale.svelte';

/** Making a formatter takes its time on a busy machine. */
const SLOW_MS = 30_000;

beforeAll(() => {
  vi.stubGlobal('document', { documentElement: {} });
  useLocale('en');
});
afterEach(() => useLocale('en'));

test('things in a row have something between them in both languages', () => {
  expect(format.list(['T 4', 'labels 0.1', 'soft targets 0.9'])).toBe('T 4, labels 0.1, soft targets 0.9');
  useLocale('zh');
  expect(format.list(['温度 4', '标签 0.1', '软目标 0.9'])).toBe('温度 4、标签 0.1、软目标 0.9');
});

test('sentences follow one another with a space where the language has one', () => {
  expect(format.sentences('One.', '', 'Two.')).toBe('One. Two.');
  useLocale('zh');
  expect(format.sentences('一。', '', '二。')).toBe('一。二。');
});

test('rate 1e-7 is not shown as 0', () => {
  for (const show of [format.exact, format.figures, format.significant]) expect(show(1e-7)).toBe('1e-7');
  expect(format.measured(1e-7, 4)).toBe('1e-7');
});

test('a number that was set is shown as it was set', () => {
  const set = [0, 1, 0.01, 0.0001, 0.00015, 0.3, 4.125, 128, 1 - 0.9, 12345];
  expect(set.map(format.exact)).toEqual([
    ...['0', '1', '0.01', '0.0001', '0.00015', '0.3', '4.125', '128', '0.1', '12,345'],
  ]);
  expect([0.5, 0.055, 0.0001, 1].map(format.exactPercent)).toEqual(['50%', '5.5%', '0.01%', '100%']);
});

test('a number on its way has three significant figures at most', () => {
  const onTheWay = [0, 0.0029876, 0.003, 7.5, 0.123456, 99.96, 1234.5, 2.5e-8];
  expect(onTheWay.map(format.figures)).toEqual([
    '0',
    '0.00299',
    '0.003',
    '7.5',
    '0.123',
    '100',
    '1,235',
    '2.5e-8',
  ]);
});

test('a measured number has its decimals, and more where it would be shown as 0', () => {
  expect([2.3027, 0.0004, 0, 0.00012345].map((loss) => format.measured(loss, 3))).toEqual([
    '2.303',
    '0.0004',
    '0.000',
    '0.00012',
  ]);
  expect(format.duration(30)).toBe('0.03 s');
  expect(format.duration(59_960)).toBe('1 min 0 s');
  expect(format.megabytes(12_000)).toBe('0.012 MB');
  expect([40, 9_960, 437_544, 999_600].map(format.bytes)).toEqual(['0.04 kB', '10 kB', '438 kB', '1.0 MB']);
  expect([7, 109_386, 2_395_210].map(format.compact)).toEqual(['7', '109K', '2.4M']);
});

test('a share is shown as 0 or 100 per cent only if it is nothing or all', () => {
  const shares = [0, 1, 0.9996, 9_999 / 10_000, 0.00004, 0.123];
  expect(shares.map((share) => format.percent(share))).toEqual([
    '0.0%',
    '100.0%',
    '99.96%',
    '99.99%',
    '0.004%',
    '12.3%',
  ]);
});

test(
  'nothing but 0 is ever shown as 0',
  () => {
    const numbers = fc.double({ min: 1e-12, max: 1e6, noNaN: true });
    const asNumber = (text: string): number => Number(text.replaceAll(',', '').replace('%', ''));
    fc.assert(
      fc.property(numbers, (value) => {
        const { exact, figures, significant, measured } = format;
        for (const text of [
          exact(value),
          figures(value),
          significant(value),
          measured(value, 1),
          measured(value, 4),
        ]) {
          expect(asNumber(text)).toBeGreaterThan(0);
        }
        if (value < 1) expect(asNumber(format.percent(value, 0))).toBeGreaterThan(0);
        if (value < 1 - 1e-9) expect(asNumber(format.percent(value))).toBeLessThan(100);
      }),
    );
  },
  SLOW_MS,
);

test('p = 0.0499 next to “better” does not show 0.050', () => {
  const shown = (p: number): string => format.pValue(p, 0.05).replaceAll('\u00a0', ' ');
  expect([0.0499, 0.04996, 0.05, 0.0502, 0.04, 1].map(shown)).toEqual([
    'p = 0.0499',
    'p = 0.04996',
    'p = 0.050',
    'p = 0.050',
    'p = 0.040',
    'p = 1.000',
  ]);
  expect([0.001, 0.0009996, 1e-30].map(shown)).toEqual(['p = 0.001', 'p < 0.001', 'p < 0.001']);
});

test(
  'a p-value as shown is on the same side of both levels as the p-value',
  () => {
    const p = fc.oneof(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: -1e-6, max: 1e-6, noNaN: true }).map((off) => 0.05 + off),
      fc.double({ min: -1e-6, max: 1e-6, noNaN: true }).map((off) => 0.001 + off),
    );
    fc.assert(
      fc.property(p, (value) => {
        const [, sign, number] = /^p\s([=<])\s([\d.]+)$/.exec(format.pValue(value, 0.05)) ?? [];
        for (const level of [0.05, 0.001]) {
          if (sign === '=') expect(Number(number) < level).toBe(value < level);
          else if (Number(number) <= level) expect(value).toBeLessThan(level);
        }
      }),
    );
  },
  SLOW_MS,
);
