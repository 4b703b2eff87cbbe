/** The element's attributes: the address that they stand for, and what is wrong with them. */

import type { Look, Problem } from './contract.js';

export const ATTRIBUTES = ['src', 'recipe', 'lesson', 'settings', 'lang', 'theme', 'height'] as const;
export type Attribute = (typeof ATTRIBUTES)[number];

const THEMES = ['auto', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];
const LEAST_HEIGHT_PX = 200;
const MOST_HEIGHT_PX = 20_000;

export interface Attributes {
  /** The page's address without the part behind `#`; null without one that can be opened. */
  readonly src: string | null;
  /** What the page is to open, as its links carry it; the page itself judges recipes, lessons and settings. */
  readonly link: string;
  readonly look: Required<Look>;
  /** Pixels; null: as high as what the page shows. */
  readonly height: number | null;
  readonly problems: readonly Problem[];
}

/**
 * Reads them. `inherited` is the language of the text around the element, `home` the address that the script came from, for
 * one that names no `src`. What does not fit is told, and the rest counts.
 */
export function readAttributes(
  given: Readonly<Partial<Record<Attribute, string | null>>>,
  { base, home = null, inherited = null }: { base: string; home?: string | null; inherited?: string | null },
): Attributes {
  const problems: Problem[] = [];
  const refuse = (path: Attribute, allowed: Problem['allowed']): null => {
    problems.push({ path, value: given[path] ?? '', allowed });
    return null;
  };
  const address = addressOf(given.src ?? home, base) ?? refuse('src', { code: 'address' });
  const link = [
    address?.hash.slice(1),
    given.recipe && `recipe=${encodeURIComponent(given.recipe)}`,
    given.lesson && `lesson=${encodeURIComponent(given.lesson)}`,
    given.settings?.replace(/^#/, ''),
  ];
  const lang = given.lang ?? inherited;
  const language = languageOf(lang);
  // A text around it may be in any language; one that is asked for here has to be there.
  if (given.lang && language === null) refuse('lang', { code: 'one_of', names: ['en', 'zh'] });
  return {
    src: address && address.origin + address.pathname + address.search,
    link: link.filter((part) => part).join('&'),
    look: { lang: language, theme: themeOf(given.theme, refuse) },
    height: heightOf(given.height, refuse),
    problems,
  };
}

type Refuse = (path: Attribute, allowed: Problem['allowed']) => null;

function themeOf(given: string | null | undefined, refuse: Refuse): Theme {
  const theme = THEMES.find((one) => one === (given || 'auto'));
  return theme ?? refuse('theme', { code: 'one_of', names: [...THEMES] }) ?? 'auto';
}

function heightOf(given: string | null | undefined, refuse: Refuse): number | null {
  if (!given) return null;
  const height = Number(given);
  const fits = Number.isInteger(height) && height >= LEAST_HEIGHT_PX && height <= MOST_HEIGHT_PX;
  return fits ? height : refuse('height', { code: 'whole', min: LEAST_HEIGHT_PX, max: MOST_HEIGHT_PX });
}

/** The page's language for a tag such as `zh-CN`; null where it has none. */
export function languageOf(tag: string | null): 'en' | 'zh' | null {
  const found = /^(en|zh)\b/i.exec(tag ?? '');
  return found ? (found[1]!.toLowerCase() as 'en' | 'zh') : null;
}

function addressOf(given: string | null, base: string): URL | null {
  if (!given) return null;
  try {
    const url = new URL(given, base);
    return /^https?:$/.test(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/** Link and look as the page's own links carry them behind `#`. */
export function linkFor({ link, look }: Attributes): string {
  const { lang, theme } = look;
  const parts = [link, lang && `view.lang=${lang}`, theme !== 'auto' && `view.theme=${theme}`];
  return parts.filter((part) => part).join('&');
}

/** The address for a frame. */
export function addressFor(attributes: Attributes): string {
  const link = linkFor(attributes);
  return link === '' ? `${attributes.src}` : `${attributes.src}#${link}`;
}
