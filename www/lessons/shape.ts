/** Reads JSON that someone has written: each check names what it refuses and what may stand there, as those of a config do. */

import type { Allowed } from '../engine/page-failures';
import { own } from '../model/own';
import { isBranch, type Json } from '../model/paths';

/** Takes what is wrong: where, what stands there (undefined: nothing), what may. */
export type Refuse = (path: string, value: Json | undefined, allowed: Allowed) => void;

export type Check = (value: Json | undefined, path: string, refuse: Refuse) => void;

interface Field {
  readonly check: Check;
  readonly optional: boolean;
}

const need = (check: Check): Field => ({ check, optional: false });
export const maybe = (check: Check): Field => ({ check, optional: true });

const below = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** An object with these fields and no others. */
export function fields(known: Readonly<Record<string, Check | Field>>): Check {
  const names = Object.keys(known);
  return (value, path, refuse) => {
    if (!isBranch(value)) return refuse(path, value, { code: 'kind', kind: 'object' });
    for (const [key, one] of Object.entries(known)) {
      const { check, optional } = typeof one === 'function' ? need(one) : one;
      if (own(value, key) !== undefined || !optional) check(own(value, key), below(path, key), refuse);
    }
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(known, key)) refuse(below(path, key), value[key], { code: 'known_field', names });
    }
  };
}

/** An object of any names, each of which is looked at together with what stands there. */
export function record(check: (key: string, ...rest: Parameters<Check>) => void): Check {
  return (value, path, refuse) => {
    if (!isBranch(value)) return refuse(path, value, { code: 'kind', kind: 'object' });
    for (const [key, one] of Object.entries(value)) check(key, one, below(path, key), refuse);
  };
}

export function list(check: Check, least = 0): Check {
  return (value, path, refuse) => {
    if (!Array.isArray(value)) return refuse(path, value, { code: 'kind', kind: 'list' });
    if (value.length < least)
      refuse(path, value, { code: 'entries', min: least, max: null, found: value.length });
    for (const [place, one] of value.entries()) check(one, `${path}[${place}]`, refuse);
  };
}

export const words: Check = (value, path, refuse) => {
  if (typeof value !== 'string' || value.trim() === '') refuse(path, value, { code: 'kind', kind: 'text' });
};

export const finite: Check = (value, path, refuse) => {
  if (typeof value !== 'number') refuse(path, value, { code: 'kind', kind: 'number' });
};

export const flag: Check = (value, path, refuse) => {
  if (typeof value !== 'boolean') refuse(path, value, { code: 'kind', kind: 'boolean' });
};

export function whole(min: number, max: number): Check {
  return (value, path, refuse) => {
    if (!Number.isInteger(value) || (value as number) < min || (value as number) > max)
      refuse(path, value, { code: 'whole', min, max });
  };
}

export function oneOf(names: readonly string[]): Check {
  return (value, path, refuse) => {
    if (typeof value !== 'string' || !names.includes(value))
      refuse(path, value, { code: 'one_of', names: [...names] });
  };
}
