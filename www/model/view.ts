/** What the visitor looks at, apart from the experiment itself; all of it stands in the URL as `view.*`. */

import type { Locale } from '../i18n/locale.svelte';

export type EngineChoice = 'auto' | 'cpu' | 'webgpu';
export type Theme = 'auto' | 'light' | 'dark';
export type Sort = 'unsure' | 'order' | 'label';

export interface View {
  /** The slider's own temperature, 1 to 20. */
  temperature: number;
  /** Whether the histograms' axis is logarithmic. */
  logAxis: boolean;
  /** Index of the chosen digit among the test digits; null until one is chosen: then the first of the strip. */
  digit: number | null;
  /** Order of the strip of digits: least sure first, as they come, or by label. */
  sort: Sort;
  engine: EngineChoice;
  /** Null until the visitor chooses: then the browser's language decides. */
  locale: Locale | null;
  theme: Theme;
}

export const DEFAULT_VIEW: Readonly<View> = {
  temperature: 4,
  logAxis: false,
  digit: null,
  sort: 'unsure',
  engine: 'auto',
  locale: null,
  theme: 'auto',
};
