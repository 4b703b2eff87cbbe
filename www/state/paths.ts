/** Paths into JSON, as in `models.student.objective.temperature`, for the URL and for problems. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Change = { readonly path: string; readonly value: Json | undefined };

type Branch = { [key: string]: Json };

// Names that would reach an object's prototype instead of a field of its own.
const FORBIDDEN = new Set(['__proto__', 'prototype', 'constructor']);

export function isBranch(value: Json | undefined): value is Branch {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path, undefined if there is none. */
export function getAt(root: Json, path: string): Json | undefined {
  let value: Json | undefined = root;
  for (const key of path.split('.')) {
    if (!isBranch(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** A copy of `root` with the value at `path` set, or removed if undefined. Throws a RangeError on a path that cannot be. */
export function setAt(root: Json, path: string, value: Json | undefined): Json {
  const [key, ...rest] = path.split('.') as [string, ...string[]];
  if (FORBIDDEN.has(key) || key === '') throw new RangeError(path);
  const branch: Branch = isBranch(root) ? { ...root } : {};
  if (rest.length > 0)
    branch[key] = setAt(Object.hasOwn(branch, key) ? branch[key]! : {}, rest.join('.'), value);
  else if (value === undefined) delete branch[key];
  else branch[key] = value;
  return branch;
}

/** What turns `from` into `to`, as changes of the deepest fields that differ; lists are one field. */
export function difference(from: Json, to: Json, prefix = ''): Change[] {
  if (!isBranch(from) || !isBranch(to)) {
    return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ path: prefix, value: to }];
  }
  const changes: Change[] = [];
  for (const key of Object.keys(from)) {
    if (!Object.hasOwn(to, key)) changes.push({ path: join(prefix, key), value: undefined });
  }
  for (const [key, value] of Object.entries(to)) {
    const path = join(prefix, key);
    if (Object.hasOwn(from, key)) changes.push(...difference(from[key]!, value, path));
    else changes.push({ path, value });
  }
  return changes;
}

function join(prefix: string, key: string): string {
  return prefix === '' ? key : `${prefix}.${key}`;
}

/** Whether one path is the other or lies within it; `a.b[0]` and what a problem adds in brackets lie within `a.b`. */
export function overlap(a: string, b: string): boolean {
  return within(a, b) || within(b, a);
}

function within(inner: string, outer: string): boolean {
  return inner.startsWith(outer) && /^(?:$|[.[ ])/.test(inner.slice(outer.length));
}
