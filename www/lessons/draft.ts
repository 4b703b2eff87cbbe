/** A lesson that is being written: JSON of a lesson's shape in which anything may still be wrong or missing. */

import type { Locale } from '../i18n/locale.svelte';
import { isBranch, type Json } from '../model/paths';
import type { Settings, Step, Text } from './lesson';

/** A step that can be asked for its kind, whatever else is wrong with it. */
export type DraftStep = { [key: string]: Json };

export const STEP_KINDS: readonly Step['kind'][] = ['read', 'predict', 'do', 'reveal'];

/** Stands before a text that is only in the other language yet, in the language that the reader has. */
const UNTRANSLATED: Readonly<Record<Locale, string>> = { en: '(not translated) ', zh: '（未翻译）' };

export const otherLanguage = (locale: Locale): Locale => (locale === 'en' ? 'zh' : 'en');

export const emptyText = (): { en: string; zh: string } => ({ en: '', zh: '' });

/** A text of a draft, whatever stands there. */
export function textIn(value: Json | undefined): { en: string; zh: string } {
  const { en, zh } = isBranch(value) ? value : {};
  return { en: typeof en === 'string' ? en : '', zh: typeof zh === 'string' ? zh : '' };
}

/** Whether what stands in a language is the other one's, with the mark. */
export function isUntranslated(text: Text, locale: Locale): boolean {
  return text[locale].startsWith(UNTRANSLATED[locale]);
}

/**
 * A text with what was written in one language. The other follows, with a mark, as long as nobody has written it: a lesson has
 * both, and who reads the other one should see that it is not translated rather than nothing.
 */
export function written(text: Text, locale: Locale, words: string): { en: string; zh: string } {
  const other = otherLanguage(locale);
  const follows = text[other].trim() === '' || isUntranslated(text, other);
  const filled = words.trim() === '' ? '' : `${UNTRANSLATED[other]}${words}`;
  return { en: text.en, zh: text.zh, [locale]: words, ...(follows ? { [other]: filled } : {}) };
}

export function emptyLesson(settings: Settings): Json {
  return {
    title: emptyText(),
    claim: emptyText(),
    minutes: 5,
    settings: { ...settings },
    steps: [emptyStep('read', [])],
  };
}

/** A step of a kind with what it has to have; a prediction by a name that is free. */
export function emptyStep(kind: Step['kind'], steps: readonly DraftStep[]): DraftStep {
  const step: DraftStep = { kind, text: emptyText() };
  if (kind === 'predict') {
    const choice = (): Json => ({ text: emptyText() });
    return { ...step, name: freeName(steps), choices: [choice(), choice()] };
  }
  if (kind === 'do') return { ...step, until: [] };
  const open = kind === 'reveal' ? predictionsBefore(steps, steps.length).at(-1) : undefined;
  return open === undefined ? step : { ...step, of: open };
}

function freeName(steps: readonly DraftStep[]): string {
  const taken = new Set(steps.map(({ name }) => name));
  for (let number = 1; ; number += 1) if (!taken.has(`guess${number}`)) return `guess${number}`;
}

/** The steps of a draft; what is none of them is left out. */
export function stepsIn(draft: Json): DraftStep[] {
  return isBranch(draft) && Array.isArray(draft.steps) ? draft.steps.filter(isBranch) : [];
}

/** Names of the predictions that a step may answer. */
export function predictionsBefore(steps: readonly DraftStep[], place: number): string[] {
  return steps
    .slice(0, place)
    .flatMap(({ kind, name }) => (kind === 'predict' && typeof name === 'string' ? [name] : []));
}

/** What steps before have kept. */
export function keptBefore(steps: readonly DraftStep[], place: number): string[] {
  const kept = steps
    .slice(0, place)
    .flatMap(({ kind, keep }) => (kind === 'do' && isBranch(keep) ? Object.keys(keep) : []));
  return [...new Set(kept)];
}

/** A list with one of its items at another place. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const item = list[from];
  if (item === undefined || to < 0 || to >= list.length) return [...list];
  return list.toSpliced(from, 1).toSpliced(to, 0, item);
}

/** What a draft and its steps before `place` have set. */
export function settingsBefore(draft: Json, place: number): Settings {
  const parts = [draft, ...stepsIn(draft).slice(0, place)];
  return Object.assign(
    {},
    ...parts.map((part) => (isBranch(part) && isBranch(part.settings) ? part.settings : {})),
  );
}
