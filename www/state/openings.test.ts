import { afterEach, expect, test, vi } from 'vitest';
import { Openings } from './openings.svelte';

afterEach(() => vi.unstubAllGlobals());

test('openings are remembered by the tab, and what is no count is none', () => {
  const items = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => items.set(key, value),
  });
  const openings = new Openings();
  expect(openings.count).toBe(0);
  openings.take(3);
  expect(new Openings().count).toBe(3);
  for (const odd of ['-1', 'many', '1.5', '']) {
    items.set([...items.keys()][0]!, odd);
    expect(new Openings().count, odd).toBe(0);
  }
});

test('where storage is refused they last as long as the page', () => {
  const refuse = (): never => {
    throw new Error('refused');
  };
  vi.stubGlobal('sessionStorage', { getItem: refuse, setItem: refuse });
  const openings = new Openings();
  openings.take(2);
  expect(openings.count).toBe(2);
});
