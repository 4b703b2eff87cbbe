import { json } from '@codemirror/lang-json';
import { expect, test } from 'vitest';
import { namesFor, offersAt, valuesFor } from './completions';
import { brokenAt, pathOf, type Read, spanOf } from './places';

const TEXT = `{
  "seed": 1,
  "transfer_set": { "leave_out": [3, 7] },
  "models": {
    "student": { "net": { "mlp": { "hidden": [30, 20] } }, "learns_from": [{ "model": "teacher", "weight": 1 }] }
  }
}`;

const parsed = (text: string) => {
  const read: Read = (from, to) => text.slice(from, to);
  return { text, tree: json().language.parser.parse(text), read };
};

/** The text with a bar where the cursor stands. */
function at(marked: string) {
  const pos = marked.indexOf('|');
  return { ...parsed(marked.replace('|', '')), pos };
}

const offered = (marked: string): string[] => {
  const { tree, pos, read } = at(marked);
  return offersAt(tree, pos, read).offers.map(({ name }) => name);
};

test('a path finds its value, or its name where the value is long; one that is not there what it would stand in', () => {
  const spans = (text: string, path: string): string => {
    const { tree, read } = parsed(text);
    const { from, to } = spanOf(tree, path, read);
    return text.slice(from, to);
  };
  const student = 'models.student';
  expect(spans(TEXT, 'seed')).toBe('1');
  expect(spans(TEXT, 'transfer_set.leave_out[1]')).toBe('7');
  expect(spans(TEXT, `${student}.learns_from[0].model`)).toBe('"teacher"');
  expect(spans(TEXT, `${student}.net.mlp.hidden`)).toBe('"hidden"');
  expect(spans(TEXT, `${student}.objective.temperature`)).toBe('"student"');
  expect(spans(TEXT, `${student}.learns_from[0]`)).toBe('{');
  expect(spans(TEXT, 'training.epochs')).toBe('{');
  expect(spans(`{"version":1,"config":${TEXT},"models":{}}`, 'transfer_set.leave_out[0]')).toBe('3');
  expect(spans('', 'seed')).toBe('');
});

test('a place has the path that problems and forms have for it', () => {
  const path = (marked: string) => {
    const { tree, pos, read } = at(marked);
    return pathOf(tree, tree.resolveInner(pos, 1), read);
  };
  expect(path(TEXT.replace('"weight"', '"wei|ght"'))).toBe('models.student.learns_from[0].weight');
  expect(path(TEXT.replace('20', '2|0'))).toBe('models.student.net.mlp.hidden[1]');
  expect(path(`{"config":${TEXT.replace('"seed": 1', '"seed": |1')}}`)).toBe('seed');
  expect(path('{"config":{"seed":1},"digest":"|"}')).toBeNull();
});

test('where a text ceases to be JSON is found', () => {
  const broken = (text: string) => brokenAt(parsed(text).tree, text.length);
  expect(broken(TEXT)).toBeNull();
  expect(broken('{"seed": 1,, "version": 1}')).toEqual({ from: 11, to: 12 });
  expect(broken('{"seed": 1')).toEqual({ from: 9, to: 10 });
});

test('names of fields are offered that an object lacks, choices where one is to be made, flags, and nothing else', () => {
  const fields = offered(TEXT.replace('"leave_out"', '"|", "leave_out"'));
  expect(fields).toContain('digits');
  expect(fields).not.toContain('leave_out');
  expect(offered('{"mo|"}')).toContain('models');
  expect(offered('{"models":{"student":{"net":{"|"}}}}')).toEqual(
    expect.arrayContaining(['mlp', 'cnn', 'vit']),
  );
  expect(offered('{"models":{"student":{"objective":{"soft": "|"}}}}')).toContain('logit_mse');
  expect(offered('{"models":{"student":{"objective":{"t_squared": |}}}}')).toEqual(['true', 'false']);
  expect(offered('{"models":{"|"}}')).toEqual([]);
  expect(offered('{"seed": |1}')).toEqual([]);
});

test('a name that is begun before another property is none of its own, and a comma goes behind what is written for it', () => {
  const { tree, pos, read } = at('{"training": {"epochs": 3, "|" "batch_size": 128}}');
  const { offers, isNameAlone, isBeforeAnother } = offersAt(tree, pos, read);
  expect(offers.map(({ name }) => name)).not.toContain('batch_size');
  expect(offers.map(({ name }) => name)).toContain('early_stop');
  expect([isNameAlone, isBeforeAnother]).toEqual([false, true]);
  const renamed = at('{"training": {"ep|": 3}}');
  expect(offersAt(renamed.tree, renamed.pos, renamed.read)).toMatchObject({
    isNameAlone: true,
    isBeforeAnother: false,
  });
});

test('where the lab knows the names, it is asked with another in the place of what is written', () => {
  const asked = (marked: string) => {
    const { text, tree, pos, read } = at(marked);
    const { name } = offersAt(tree, pos, read);
    return name && { path: name.path, text: `${text.slice(0, name.from)}"?"${text.slice(name.to)}` };
  };
  const path = 'models.student.learns_from[0].model';
  const text = '{"models":{"student":{"learns_from":[{"model": "?"}]}}}';
  for (const written of ['"|"', '"tea|"', '|'])
    expect(asked(text.replace('"?"', written))).toEqual({ path, text });
  expect(asked('{"models":{"student":{"net":{"same_as": "|"}}}}')?.path).toBe('models.student.net.same_as');
  expect(asked('{"models":{"student":{"objective":{"soft": "|"}}}}')).toBeNull();
  expect(asked('{"seed": |1}')).toBeNull();
});

test('what is offered is written as JSON that a config may have', () => {
  for (const { name, text } of [...namesFor('', []), ...namesFor('models.student.objective', [])])
    expect(Object.keys(JSON.parse(`{${text}}`))).toEqual([name]);
  for (const { text } of valuesFor('models.student.objective.soft'))
    expect(() => JSON.parse(text)).not.toThrow();
  expect(namesFor('training', []).find(({ name }) => name === 'epochs')).toMatchObject({ called: 'Epochs' });
});
