import { describe, expect, it } from 'vitest';

import { glossaryEntry, TERM_IDS } from './glossary';

describe('glossary', () => {
  it.each(TERM_IDS.map((id) => [id] as const))('defines %s in both languages, each in its own', (id) => {
    const en = glossaryEntry(id, 'en');
    const zh = glossaryEntry(id, 'zh');
    expect(en.definition).toMatch(/^[A-Z].*[.]$/s);
    expect(zh.definition).toMatch(/\p{Script=Han}.*。$/su);
    expect(en.definition).not.toMatch(/\p{Script=Han}/u);
    expect(en.term.length * zh.term.length).toBeGreaterThan(0);
  });

  it('takes every Chinese tag for Chinese and any other language for English', () => {
    expect(glossaryEntry('entropy', 'zh-Hans').term).toBe('熵');
    expect(glossaryEntry('entropy', 'de').term).toBe('entropy');
  });
});
