/** What the visitor looks at, apart from the experiment itself; all of it stands in the URL as `view.*`. */

import type { Locale } from '../i18n/locale.svelte';

export type EngineChoice = 'auto' | 'cpu' | 'webgpu';
export type Theme = 'auto' | 'light' | 'dark';
/** What fills the page: the lessons, the lab, the table of kept runs, what makes lessons, or a sheet to hand in. */
export const PAGES = ['learn', 'lab', 'runs', 'make', 'sheet'] as const;
export type Page = (typeof PAGES)[number];
/** Sections of the lab, of which a projector shows one at a time. */
export const PANELS = ['explorer', 'race', 'try', 'sweep'] as const;
export type Panel = (typeof PANELS)[number];
export type Sort = 'unsure' | 'order' | 'label' | 'like';

export interface View {
  /** The slider's own temperature, 0.1 to 20. */
  temperature: number;
  /** Whether the histograms' axis is logarithmic. */
  logAxis: boolean;
  /** Index of the chosen digit among the test digits; null until one is chosen: then the first of the strip. */
  digit: number | null;
  /** Order of the strip of digits: least sure first, as they come, by label, or most like the class `like` first. */
  sort: Sort;
  /** The one class that the strip shows; null for all. */
  only: number | null;
  /** The class that digits are sought to resemble, as in “a 2 that looks like a 3”. */
  like: number;
  engine: EngineChoice;
  /** Null until the visitor chooses: then the browser's language decides. */
  locale: Locale | null;
  theme: Theme;
  page: Page;
  /** The beginning of the digest of a record that a link brought, to compare one's own with; null without one. */
  result: string | null;
  /** The section that a projector shows, in larger type; null: all of them, as on a desk. */
  projector: Panel | null;
}

/** So much of a digest tells two records apart. */
export const RESULT_DIGITS = 16;

/** Names of its parts in a link, behind `view.`. */
export const VIEW_NAMES = [
  't',
  'log',
  'digit',
  'sort',
  'only',
  'like',
  'engine',
  'lang',
  'theme',
  'page',
  'result',
  'projector',
] as const;
export type ViewName = (typeof VIEW_NAMES)[number];

export const DEFAULT_VIEW: Readonly<View> = {
  temperature: 4,
  logAxis: false,
  digit: null,
  sort: 'unsure',
  only: null,
  like: 3,
  engine: 'auto',
  locale: null,
  theme: 'auto',
  page: 'lab',
  result: null,
  projector: null,
};
