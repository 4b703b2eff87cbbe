/** The page's language. Messages read it reactively, so a change of language needs no reload. */

import { overwriteGetLocale } from './paraglide/runtime.js';

export type Locale = 'en' | 'zh';

/** The first language of the browser that the page has; English where nothing tells, as in a test without a browser. */
function ofBrowser(): Locale {
  const languages: readonly string[] = globalThis.navigator?.languages ?? [];
  const wanted = languages.find((tag) => /^(en|zh)\b/i.test(tag)) ?? 'en';
  return wanted.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

let current = $state<Locale>(ofBrowser());

overwriteGetLocale(() => current);

/** The language in use. */
export function locale(): Locale {
  return current;
}

/** Takes the visitor's choice, or the browser's language where there is none. */
export function useLocale(chosen: Locale | null): void {
  current = chosen ?? ofBrowser();
  document.documentElement.lang = current === 'zh' ? 'zh-Hans' : 'en';
}
