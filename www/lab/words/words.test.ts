import { afterAll, beforeAll, describe, expect, it, test, vi } from 'vitest';
import type { Failure as LabFailure, Warning } from '../../engine/generated/types';
import type { Failure } from '../../engine/messages';
import type { Allowed, PageAllowed, PageFailure, Problem } from '../../engine/page-failures';
import { useLocale } from '../../i18n/locale.svelte';
import { allowedWords } from './allowed';
import { failureInFull, failureWords } from './failure';
import { problemWords } from './problem';
import { refusedWords } from './refused';
import { codesOf, samples } from './testing/samples';
import { warningWords } from './warning';

const HAN = /\p{Script=Han}/u;

beforeAll(() => {
  vi.stubGlobal('document', { documentElement: {} });
});
afterAll(() => useLocale('en'));

/** The same in both languages. */
function inBoth(words: () => string): { en: string; zh: string } {
  useLocale('zh');
  const zh = words();
  useLocale('en');
  return { en: words(), zh };
}

/** That a sentence is one: of its language, and with all that it has to tell. */
function expectWords({ en, zh }: { en: string; zh: string }, of: unknown): void {
  const about = JSON.stringify(of);
  for (const text of [en, zh]) {
    expect(text, about).not.toMatch(/undefined|\bnull\b|NaN|\[object/);
    expect(text, about).not.toMatch(/\{\w+\}/);
  }
  expect(en, about).toMatch(/[a-z]/);
  expect(en, about).not.toMatch(HAN);
  expect(zh, about).not.toBe(en);
}

const thrown = (failure: LabFailure | PageFailure): Failure =>
  ({ message: 'a text for scripts', problems: [], ...failure }) as unknown as Failure;

describe('every code of the schema has words in both languages', () => {
  const failures = samples<LabFailure>('Failure');

  it.each(['Allowed', 'Failure', 'ParseFault', 'DataFault', 'CheckpointFault', 'EngineFault', 'Warning'])(
    '%s: each code is among the values that are put into words',
    (type) => {
      const worded = new Set(JSON.stringify([...failures, ...samples('Warning')]).match(/"code":"\w+"/g));
      expect(codesOf(type).length).toBeGreaterThan(1);
      for (const code of codesOf(type)) expect(worded).toContain(`"code":"${code}"`);
    },
  );

  it.each(codesOf('Failure'))('failure %s', (code) => {
    for (const failure of failures.filter((one) => one.code === code)) {
      const words = inBoth(() => failureInFull(thrown(failure)));
      expectWords(words, failure);
      expect(words.zh).toMatch(HAN);
      expect(words.en).not.toContain('detail');
      expect(words.en).not.toContain('a text for scripts');
    }
  });

  it.each(codesOf('Allowed'))('allowed %s', (code) => {
    const [full, ...others] = samples<Allowed>('Allowed').filter((one) => one.code === code);
    for (const allowed of [full!, ...others])
      expectWords(
        inBoth(() => problemWords(of(allowed))),
        allowed,
      );
    const { why: _why, kind: _kind, code: _code, ...parameters } = full as unknown as Record<string, unknown>;
    const texts = Object.values(parameters).flat().map(String);
    const { en, zh } = inBoth(() => allowedWords(full!));
    for (const text of texts)
      expect([en.includes(text), zh.includes(text)], `${text} in ${en}`).toEqual([true, true]);
  });

  const of = (allowed: Allowed): Problem => ({ path: 'training.epochs', value: '0', allowed });

  it.each(codesOf('Warning'))('warning %s', (code) => {
    for (const warning of samples<Warning>('Warning').filter((one) => one.code === code)) {
      for (const model of ['student', null]) {
        const words = inBoth(() => warningWords(model, warning));
        expectWords(words, warning);
        expect(words.zh).toMatch(HAN);
      }
    }
  });
});

/** One of each; a code that is added to the union and not here does not compile. */
const OF_PAGE: { readonly [C in PageFailure['code']]: Omit<Extract<PageFailure, { code: C }>, 'code'> } = {
  fetch_failed: { name: 'train-0.digits', status: 503 },
  manifest_unreadable: {},
  failed_to_load: {},
  no_webassembly: {},
  no_api: {},
  no_adapter: {},
  missing_feature: { feature: 'subgroups' },
  failed_check: {},
  gpu_lost: {},
  worker_died: {},
  worker_closed: {},
  engine_crashed: {},
  engine_lost: {},
  run_stopped: {},
  overtaken: {},
  model_stopped: { models: [{ name: 'student', stopped: 'loss_not_finite' }] },
  file_gone: {},
  argument_invalid: {},
  unexpected: {},
};

/** One of each, too. */
const ALLOWED_BY_PAGE: {
  readonly [C in PageAllowed['code']]: Omit<Extract<PageAllowed, { code: C }>, 'code'>;
} = {
  above: { min: 0 },
  numbers_above: { min: 0 },
  numbers: { count: 784, min: 0, max: 1 },
  call_id: {},
  bytes: {},
  digest: { digits: 16 },
  callback: {},
  packed_whole: {},
  unpacked_bytes: { max: 640 },
  browser_that_unpacks: {},
};

test.each(Object.keys(ALLOWED_BY_PAGE) as PageAllowed['code'][])(
  'what the page allows has words: %s',
  (code) => {
    const allowed = { code, ...ALLOWED_BY_PAGE[code] } as PageAllowed;
    const words = inBoth(() => problemWords({ path: 'pixels', value: '3', allowed }));
    expectWords(words, allowed);
    for (const parameter of Object.values(ALLOWED_BY_PAGE[code]))
      expect(words.zh).toContain(String(parameter));
  },
);

describe('every failure of the page has words in both languages', () => {
  it.each(Object.keys(OF_PAGE) as PageFailure['code'][])('%s', (code) => {
    const failure = { code, ...OF_PAGE[code] } as PageFailure;
    const words = inBoth(() => failureWords(thrown(failure)));
    expectWords(words, failure);
    expect(words.zh).toMatch(HAN);
  });

  test('a file that no answer came for, and one that a server refused, are told apart', () => {
    const fetched = (status: number | null): Failure =>
      thrown({ code: 'fetch_failed', name: 'a.digits', status });
    expect(failureWords(fetched(null))).toBe(
      'a.digits could not be fetched: no answer came. Check the connection, then retry.',
    );
    expect(failureWords(fetched(503))).toContain('status 503');
  });

  test('a code that nobody knows has a sentence that says what to do', () => {
    for (const code of ['of a later version', 'constructor', '']) {
      const failure: Failure = { code, message: 'expected u32 at line 1 column 186', problems: [] };
      expect(failureWords(failure)).toMatch(/Reload the page/);
    }
  });
});

describe('a bad setting is named with its value and range, in the reader’s language', () => {
  // As the lab gives them for these values.
  test.each<[string, Problem, string, string]>([
    [
      'training.epochs=2.5',
      { path: 'training.epochs', value: '2.5', allowed: { code: 'whole', min: 1, max: 500 } },
      'Epochs (training.epochs): 2.5 is not allowed. Allowed: a whole number from 1 to 500.',
      '轮数（training.epochs）：不允许 2.5。允许：1 到 500 的整数。',
    ],
    [
      'seed=-1',
      { path: 'seed', value: '-1', allowed: { code: 'whole', min: 0, max: 4_294_967_295 } },
      'Seed (seed): -1 is not allowed. Allowed: a whole number from 0 to 4,294,967,295.',
      '种子（seed）：不允许 -1。允许：0 到 4,294,967,295 的整数。',
    ],
    [
      'training.learning_rate=abc',
      {
        path: 'training.learning_rate',
        value: '"abc"',
        allowed: { code: 'range_or_schedule', min: 0, max: 10 },
      },
      'Learning rate (training.learning_rate): "abc" is not allowed. Allowed: a number from 0 to 10, or a schedule of such numbers.',
      '学习率（training.learning_rate）：不允许 "abc"。允许：0 到 10 的数，或由这样的数组成的变化计划。',
    ],
    [
      'models.student.net.mlp.hidden=[0,-1]',
      {
        path: 'models.student.net.mlp.hidden[1]',
        value: '-1',
        allowed: { code: 'whole', min: 1, max: 2048 },
      },
      'Hidden widths (models.student.net.mlp.hidden[1]): -1 is not allowed. Allowed: a whole number from 1 to 2,048.',
      '隐藏层宽度（models.student.net.mlp.hidden[1]）：不允许 -1。允许：1 到 2,048 的整数。',
    ],
  ])('%s', (_, problem, en, zh) => {
    expect(inBoth(() => problemWords(problem))).toEqual({ en, zh });
    const fromLink = { ...problem, because: 'not_allowed' } as const;
    expect(inBoth(() => refusedWords(fromLink))).toEqual({ en, zh });
  });

  test('a missing field is said to be missing', () => {
    const problem: Problem = { path: 'models', value: '', allowed: { code: 'present' } };
    expect(inBoth(() => problemWords(problem))).toEqual({
      en: 'Models (models) is missing. It needs a value, as this field has no default.',
      zh: '缺少 模型（models）。需要：一个值，因为此字段没有默认值。',
    });
  });
});

test('a loss that breaks is told with its term, its step and its learning rate', () => {
  const warning: Warning = { code: 'loss_not_finite', term: { imitated: 1 }, step: 1234, learning_rate: 10 };
  const { en, zh } = inBoth(() => warningWords('student', warning));
  expect(en).toBe(
    'student: The loss of imitation 2 is not finite since step 1,234, at a learning rate of 10; this model’s training has stopped. Lower the learning rate and start again.',
  );
  for (const part of ['学生', '1,234', '第 2 项模仿', '10']) expect(zh).toContain(part);
});

test('own pictures that are refused are told in both languages, without the words of any library', () => {
  const failure = thrown({
    code: 'data_corrupt',
    name: 'own labels',
    fault: { code: 'label', index: 9, label: 12, max: 9 },
  });
  expect(inBoth(() => failureWords(failure))).toEqual({
    en: 'Your file of labels cannot be used: label number 10 is 12; allowed are 0 to 9. Choose another file.',
    zh: '您的标签文件无法使用：第 10 个标签是 12；允许 0 到 9。请换一个文件。',
  });
});
