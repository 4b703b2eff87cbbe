/** Looks a name up. Names come from outside: `constructor` must not find what every object inherits. */

export function own<T>(record: Readonly<Record<string, T>> | null | undefined, name: string): T | undefined {
  return record && Object.hasOwn(record, name) ? record[name] : undefined;
}
