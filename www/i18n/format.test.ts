import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => vi.unstubAllGlobals());

test('things in a row have something between them in both languages', async () => {
  vi.stubGlobal('navigator', { languages: ['en'] });
  vi.stubGlobal('document', { documentElement: {} });
  const { list } = await import('./format');
  const { useLocale } = await import('./locale.svelte');
  expect(list(['T 4', 'labels 0.1', 'soft targets 0.9'])).toBe('T 4, labels 0.1, soft targets 0.9');
  useLocale('zh');
  expect(list(['温度 4', '标签 0.1', '软目标 0.9'])).toBe('温度 4、标签 0.1、软目标 0.9');
  useLocale('en');
});
