import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import settings from './project.inlang/settings.json';

const FOLDER = new URL('./messages/', import.meta.url);
const FILES = readdirSync(new URL('en/', FOLDER));

const read = (language: 'en' | 'zh', file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`${language}/${file}`, FOLDER), 'utf8')) as Record<string, unknown>;

/** Names of parameters; a message with plurals is an object. One language may name a parameter twice. */
function parametersOf(message: unknown): string[] {
  const names = [...JSON.stringify(message).matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  return [...new Set(names)].sort();
}

describe('every message file', () => {
  it('is there in both languages, and in the list of them', () => {
    expect(readdirSync(new URL('zh/', FOLDER)).sort()).toEqual([...FILES].sort());
    const listed = settings['plugin.inlang.messageFormat'].pathPattern;
    expect(listed.map((path) => path.replace('./messages/{locale}/', '')).sort()).toEqual([...FILES].sort());
  });

  it.each(FILES)('%s has the same messages with the same parameters in both languages', (file) => {
    const [en, zh] = [read('en', file), read('zh', file)];
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
    for (const [key, text] of Object.entries(en)) {
      expect(parametersOf(zh[key] ?? ''), key).toEqual(parametersOf(text));
      expect(zh[key], key).not.toBe('');
    }
  });

  it('has messages that no other file has', () => {
    const keys = FILES.flatMap((file) => Object.keys(read('en', file)).filter((key) => key !== '$schema'));
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  // Those of the catalogue are found by the schema's names; `model/choices.test.ts` holds that each names something.
  it.each(FILES.filter((file) => file !== 'choices.json'))(
    '%s has only messages that the page says',
    (file) => {
      const www = new URL('../', import.meta.url);
      const sources = readdirSync(www, { recursive: true, encoding: 'utf8' })
        .filter((path) => /\.(ts|svelte)$/.test(path) && !path.includes('paraglide'))
        .map((path) => readFileSync(new URL(path, www), 'utf8'))
        .join('\n');
      const said = new Set([...sources.matchAll(/\bm\.(\w+)/g)].map(([, key]) => key));
      const keys = Object.keys(read('en', file)).filter((key) => key !== '$schema');
      expect(keys.filter((key) => !said.has(key))).toEqual([]);
    },
  );
});
