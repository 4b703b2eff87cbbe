import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { useLocale } from '../i18n/locale.svelte';
import en from '../i18n/messages/en/choices.json';
import zh from '../i18n/messages/zh/choices.json';
import { choiceName, choicesAt, fieldLabel, labelOf, unitOf } from './choices';
import { choiceOf, declared } from './schema';

beforeAll(() => {
  vi.stubGlobal('document', { documentElement: {} });
  useLocale('en');
});
afterAll(() => useLocale('en'));

const { fields, variants } = declared();
const labels = (kind: string): string[] =>
  Object.keys(en)
    .filter((key) => key.startsWith(`${kind}_`))
    .sort();

describe('the catalogue of fields and choices', () => {
  it('has both labels of every field of the schema, and no others', () => {
    expect(fields.length).toBeGreaterThan(80);
    expect(labels('field')).toEqual(fields.map(({ type, name }) => `field_${type}_${name}`).sort());
  });

  it('has both labels of every variant of the schema, and no others', () => {
    expect(variants.length).toBeGreaterThan(40);
    expect(labels('choice')).toEqual(variants.map(({ type, name }) => `choice_${type}_${name}`).sort());
  });

  it('has words for every unit of the schema, and no others', () => {
    const units = new Set(fields.flatMap(({ node }) => node['x-unit'] ?? []));
    expect(labels('unit')).toEqual([...units].map((unit) => `unit_${unit}`).sort());
  });

  it('holds nothing else, and the same in both languages', () => {
    const kinds = ['field', 'choice', 'unit'].flatMap(labels);
    expect(Object.keys(en)).toHaveLength(kinds.length + 1);
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
  });

  it('tells the variants of a type apart', () => {
    for (const language of [en, zh] as Readonly<Record<string, string>>[])
      for (const type of new Set(variants.map((variant) => variant.type))) {
        const names = variants
          .filter((one) => one.type === type)
          .map(({ name }) => language[`choice_${type}_${name}`]);
        expect(new Set(names).size, type).toBe(names.length);
      }
  });
});

it('every choice that a config may leave out has a default, unless that is nothing', () => {
  const choices = fields.filter((field) => field.optional && choiceOf(field) !== null);
  const without = choices.filter(({ node }) => node.default === undefined);
  expect(choices.length).toBeGreaterThan(without.length);
  for (const { type, name, node } of without)
    expect(
      node.anyOf?.some((option) => option.type === 'null'),
      `${type}.${name}`,
    ).toBe(true);
});

describe('a path', () => {
  it.each([
    ['training.epochs', 'Epochs'],
    ['models.student.training.epochs', 'Epochs'],
    // A schedule's parts and a list's items have the label of the whole.
    ['training.learning_rate.points[1].value', 'Learning rate'],
    ['models.student.objective.soft_weight.step.at', 'Weight of soft targets'],
    ['models.student.net.mlp.hidden[1]', 'Hidden widths'],
    ['models.student.objective.imitates[0].layers[2].teacher', "Teacher's layer"],
    ['models.student.objective.soft.decoupled.target', 'Weight of the right class'],
    ['models.student.init.derive.by.raise_bias.classes[0]', 'Classes raised'],
    ['transfer_set.augment[0].share', 'Share of digits changed'],
    // The name of a variant is none of its own.
    ['models.student.net.cnn', 'Network'],
    ['models.student.init.derive.by.raise_bias', 'Transform'],
  ])('%s is called %s', (path, label) => {
    expect(labelOf(path)).toBe(label);
  });

  it.each([
    '',
    'nonsense',
    'training.nonsense',
    'models.student',
    'constructor',
    'models.student.net.__proto__',
  ])('%j is no field', (path) => {
    expect(labelOf(path)).toBeUndefined();
  });

  it('has a unit where there is one', () => {
    expect(unitOf('training.batch_size')).toBe('digits');
    expect(unitOf('training.learning_rate')).toBe('');
  });
});

describe('a variant', () => {
  it('is named by its own words, with settings or without', () => {
    expect(choiceName('SoftTerm', 'kl')).toBe('soft targets, KL divergence');
    expect(choiceName('SoftTerm', { decoupled: { target: 1, non_target: 8 } })).toBe(
      'right class and other classes apart',
    );
    useLocale('zh');
    expect(choiceName('Task', 'parity')).toBe('奇偶');
    useLocale('en');
  });

  it('that nobody knows keeps its own name', () => {
    expect(choiceName('SoftTerm', 'constructor')).toBe('constructor');
    expect(choiceName('Nonsense', 'kl')).toBe('kl');
    expect(fieldLabel('Training', 'nonsense')).toBe('nonsense');
  });

  it('is offered where its type is the field’s', () => {
    expect(choicesAt('models.student.objective.soft').map(({ variant }) => variant.name)).toEqual(
      variants.filter(({ type }) => type === 'SoftTerm').map(({ name }) => name),
    );
    expect(choicesAt('training.epochs')).toEqual([]);
  });
});
