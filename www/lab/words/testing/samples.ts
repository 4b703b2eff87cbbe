/** Made-up values of the schema's types for tests that put each into words: one for every way that a field can be. */

import schema from '../../../engine/generated/schema.json';

interface Node {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly Node[];
  readonly anyOf?: readonly Node[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly minItems?: number;
}

const DEFINITIONS = (schema as unknown as { $defs: Readonly<Record<string, Node>> }).$defs;

/** Numbers follow one another, so that no two of a value are the same; below 1000 both languages write them alike. */
let last = 99;

function definition(reference: string): Node {
  const name = reference.split('/').pop()!;
  const found = DEFINITIONS[name];
  if (!found) throw new Error(`the schema has no ${name}`);
  return found;
}

/** The first is full: its lists are not empty, and nothing in it is null. */
function variants(node: Node, name: string): unknown[] {
  if (node.$ref) return variants(definition(node.$ref), name);
  if (node.const !== undefined) return [node.const];
  if (node.enum) return [...node.enum];
  const options = node.oneOf ?? node.anyOf;
  if (options) return options.flatMap((option) => variants(option, name));
  const types = [node.type ?? 'null'].flat();
  return types.flatMap((type) => ofType(type, node, name));
}

function ofType(type: string, node: Node, name: string): unknown[] {
  if (type === 'object') return objects(node);
  if (type === 'array') return arrays(node, name);
  if (type === 'string') return [`some-${name.replaceAll('_', '-')}`];
  if (type === 'boolean') return [true, false];
  if (type === 'null') return [null];
  last = last === 999 ? 100 : last + 1;
  return [last];
}

/** One field at a time takes each of its values; the others keep their first. */
function objects({ properties = {} }: Node): unknown[] {
  const fields = Object.entries(properties).map(([key, field]) => [key, variants(field, key)] as const);
  const full = Object.fromEntries(fields.map(([key, values]) => [key, values[0]]));
  const others = fields.flatMap(([key, values]) =>
    values.slice(1).map((value) => ({ ...full, [key]: value })),
  );
  return [full, ...others];
}

function arrays({ items = {}, minItems }: Node, name: string): unknown[] {
  const values = variants(items, name);
  if (minItems !== undefined) return [Array.from({ length: minItems }, () => values[0])];
  return [...values.map((value) => [value]), []];
}

/** Values of a type of the schema. */
export function samples<T>(type: string): T[] {
  return variants(definition(type), type) as T[];
}

/** The codes of a tagged union of the schema. */
export function codesOf(type: string): string[] {
  const codes = (definition(type).oneOf ?? []).map(({ properties }) => properties?.code?.const);
  return codes.filter((code): code is string => typeof code === 'string');
}
