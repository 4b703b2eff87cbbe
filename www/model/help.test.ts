import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { REST } from '../i18n/help/rest';
import { OF_SETTINGS } from '../i18n/help/settings';
import { help } from '../i18n/help.svelte';
import { useLocale } from '../i18n/locale.svelte';
import { helpOf, plain, variantHelp } from './help';
import { declared, fieldAt, variantsOf } from './schema';

beforeAll(async () => {
  vi.stubGlobal('document', { documentElement: {} });
  useLocale('en');
  await help.load();
});
afterAll(() => useLocale('en'));

const LONGEST = 160;
const ALL = { ...REST, ...OF_SETTINGS };
const { fields, variants } = declared();
/** Whatever has a line, with what the schema says of it. */
const KEYS = new Map<string, string>([
  ...fields.map(({ type, name, node }) => [`${type}_${name}`, node.description ?? ''] as const),
  ...variants.map(({ type, name }) => {
    const variant = variantsOf(type).find((one) => one.name === name);
    return [`${type}_${name}`, variant?.description ?? ''] as const;
  }),
]);
const english = (key: string): string => ALL[key]?.en ?? plain(KEYS.get(key));

/** Formulas such as KL(p‖q) and Beta(α, α) keep their own marks. */
const withoutFormulas = (text: string): string => text.replace(/[A-Z]\w*\([^()]*\)|\d,\d/g, '');

describe('the catalogue of help', () => {
  it('has a line for every field and every variant of the schema, and no others, each once', () => {
    expect(KEYS.size).toBe(fields.length + variants.length);
    expect(Object.keys(ALL).sort()).toEqual([...KEYS.keys()].sort());
    expect(Object.keys(REST).filter((key) => key in OF_SETTINGS)).toEqual([]);
  });

  it.each([...KEYS.keys()])('%s reads well in both languages', (key) => {
    for (const line of [english(key), ALL[key]!.zh]) {
      expect(line.length, line).toBeGreaterThan(3);
      expect(line.length, line).toBeLessThanOrEqual(LONGEST);
      // No marks of code or links, and no places in papers or in the config's own names.
      expect(line).not.toMatch(/[`[\]]|::|_|\b(section|eq\.|appendix)|null\b/);
      expect(line).toMatch(/[.。]$/);
    }
    const zh = withoutFormulas(ALL[key]!.zh);
    expect(zh).toMatch(/\p{Script=Han}/u);
    expect(zh, 'marks of half width').not.toMatch(/[,;:!?()"]/);
  });

  it('says nothing in English that the schema says already', () => {
    const same = Object.entries(ALL).filter(([key, { en }]) => en === plain(KEYS.get(key)));
    expect(same.map(([key]) => key)).toEqual([]);
  });

  it('has the lines of the settings at once', () => {
    const settings = readFileSync(new URL('../lab/controls/Settings.svelte', import.meta.url), 'utf8');
    const paths = [...settings.matchAll(/(?:path="|root, `)([^"`]+)/g)].map(([, path]) => path!);
    expect(paths.length).toBeGreaterThan(5);
    for (const path of [...paths, 'training.learning_rate']) {
      const field = fieldAt(path.replace(/\$?\{student\}/, 'student'));
      expect(Object.keys(OF_SETTINGS), path).toContain(`${field?.type}_${field?.name}`);
    }
  });
});

describe('a field', () => {
  it.each([
    ['training.weight_decay', /towards zero/],
    // The schema's own words, and those without their source.
    ['training.epochs', /^Times through the transfer set\.$/],
    ['models.student.replaces', /^A trained transformer in whose place it learns, block by block\.$/],
    // A schedule's parts are the whole; a list says for what it is, and not again at each item.
    ['models.student.objective.temperature.linear.from', /How soft/],
    ['models.student.objective.imitates[0].layers', /brought near/],
    ['models.student.compress', /pruning/],
    ['models.student.compress[0]', /^$/],
    ['models.student.compress[0].prune.kept', /zero/],
    ['models.student.net.same_as', /whose network/],
    // What stands in a variant is told beside the choice of it.
    ['models.student.init.seed', /^$/],
    ['models.student.init.same_as', /^$/],
    ['models.student', /^$/],
    ['nonsense', /^$/],
  ])('%s says what it is for', (path, line) => {
    expect(helpOf(path)).toMatch(line);
  });

  it('says so in the reader’s language', () => {
    useLocale('zh');
    expect(helpOf('training.epochs')).toBe('遍历迁移集的次数。');
    expect(variantHelp('models.student.objective.soft', 'kl')).toContain('交叉熵');
    useLocale('en');
  });
});

describe('a variant', () => {
  it.each([
    ['models.student.objective.soft', 'decoupled', /right class/],
    ['models.student.net', 'vit', /patches/],
    ['models.student.init.derive.by', 'copy', /All weights/],
    ['models.student.compress[0]', 'prune', /zero/],
    // A network that is another's is explained by the field that names it.
    ['models.student.net', 'same_as', /^$/],
    ['models.student.net', 'constructor', /^$/],
    ['nonsense', 'kl', /^$/],
  ])('of %s: %s says what it means', (path, name, line) => {
    expect(variantHelp(path, name)).toMatch(line);
  });
});
