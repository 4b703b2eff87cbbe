/** A config as text: what somebody wrote, read as it was meant. */

import type { Config } from '../../engine/generated/types';
import { isBranch, type Json } from '../../model/paths';

export type Read =
  | { readonly config: Config }
  /** Why it is no JSON, in the browser's words, and in which line, where it says so. */
  | { readonly fault: 'no_json'; readonly why: string; readonly line: number | null }
  | { readonly fault: 'no_config' };

/** A config, or a record, which has one in it. */
export function readConfig(text: string): Read {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { fault: 'no_json', why, line: lineOf(why, text) };
  }
  if (!isBranch(value)) return { fault: 'no_config' };
  const inner = 'config' in value && isBranch(value.config) ? value.config : value;
  return 'models' in inner ? { config: inner as unknown as Config } : { fault: 'no_config' };
}

/** Browsers tell a line, a position, or neither. */
function lineOf(why: string, text: string): number | null {
  const line = /line (\d+)/.exec(why);
  if (line) return Number(line[1]);
  const position = /position (\d+)/.exec(why);
  return position ? text.slice(0, Number(position[1])).split('\n').length : null;
}
