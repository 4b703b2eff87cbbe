import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { useLocale } from '../i18n/locale.svelte';
import { classNames } from './class-names';

beforeAll(() => vi.stubGlobal('document', { documentElement: {} }));
afterAll(() => useLocale('en'));

test('digits are called by themselves', () => {
  for (const split of ['test', 'own_test'] as const) {
    expect(classNames(split).map(({ name }) => name)).toEqual([...'0123456789']);
  }
});

test('clothes have ten names in either language, in the order of their labels, none twice', () => {
  for (const locale of ['en', 'zh'] as const) {
    useLocale(locale);
    const names = classNames('fashion_test');
    for (const kind of ['name', 'short'] as const) {
      expect(new Set(names.map((one) => one[kind])).size, locale).toBe(10);
      expect(
        names.every((one) => one[kind] === one[kind].trim() && one[kind] !== ''),
        locale,
      ).toBe(true);
    }
  }
  useLocale('en');
  expect(classNames('fashion_test')[9]).toEqual({ name: 'ankle boot', short: 'boot' });
});
