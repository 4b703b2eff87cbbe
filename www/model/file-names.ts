/** Names of files that are taken away: what the experiment is called, and what the file is of. */

import { getContext, setContext } from 'svelte';

const KEY = Symbol('file names');
const LONGEST = 60;

/** For everything within: what the experiment is called. */
export const nameFiles = (of: () => string): void => void setContext(KEY, of);

/** The function that names files here. */
export function fileNames(): (title: string, ending: string) => string {
  const of = getContext<(() => string) | undefined>(KEY);
  return (title, ending) => fileName([of?.() ?? '', title], ending);
}

/** Letters and figures of any writing, with hyphens between. */
export function fileName(parts: readonly string[], ending: string): string {
  const plain = parts.map((part) =>
    part
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, ''),
  );
  const [of, what] = [plain[0]!, plain.slice(1).join('-').slice(0, LONGEST).replace(/-$/, '')];
  return `${[of, what].filter((part) => part !== '').join('-')}.${ending}`;
}
