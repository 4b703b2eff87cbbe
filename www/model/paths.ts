/** Paths into JSON, as in `models.student.objective.temperature`, for the URL and for problems. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Change = { readonly path: string; readonly value: Json | undefined };

type Branch = { [key: string]: Json };

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

/**
 * A copy of `root` with the value at `path` set, or removed if undefined; to remove what is not there changes nothing.
 * Throws a RangeError on a path with a part that has no name.
 */
export function setAt(root: Json, path: string, value: Json | undefined): Json {
  const keys = path.split('.');
  if (keys.includes('')) throw new RangeError(path);
  if (value === undefined && getAt(root, path) === undefined) return root;
  return withValue(root, keys, 0, value);
}

function withValue(root: Json, keys: readonly string[], depth: number, value: Json | undefined): Json {
  const key = keys[depth]!;
  const branch: Branch = isBranch(root) ? { ...root } : {};
  const isLast = depth === keys.length - 1;
  if (isLast && value === undefined) {
    delete branch[key];
    return branch;
  }
  const below = (): Json => (Object.hasOwn(branch, key) ? branch[key]! : {});
  const field = isLast ? value : withValue(below(), keys, depth + 1, value);
  // Not by assignment: that to `__proto__` would set the object's prototype.
  return Object.defineProperty(branch, key, {
    value: field,
    enumerable: true,
    configurable: true,
    writable: true,
  });
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
