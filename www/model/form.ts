/** What the config's declaration makes of a form: the kind of every field, and what a field begins as. */

import type { Json } from './paths';
import {
  alternatives,
  isSchedule,
  itemOf,
  type Node,
  type Part,
  partAt,
  typeOf,
  type Variant,
  variantIn,
} from './schema';

export type Kind =
  | { readonly kind: 'number' | 'flag' | 'name' | 'numbers' | 'schedule' }
  /** One of several, each with settings of its own or none. */
  | { readonly kind: 'choice'; readonly variants: readonly Variant[] }
  | { readonly kind: 'list' }
  /** Fields of its own, in the order in which they are declared. */
  | { readonly kind: 'group'; readonly fields: readonly string[] };

/** Nodes that stand for a value, the names of types followed; `null` is none of them. */
function targets(part: Part): Part[] {
  const { node, type } = part;
  const options = node.anyOf?.map((option): Part => ({ node: option, type })) ?? [part];
  return options.filter((option) => option.node.type !== 'null').flatMap(followed);
}

function followed(part: Part): Part[] {
  const name = typeOf(part.node);
  if (name === undefined) return part.node.anyOf ? targets(part) : [part];
  // What a field says beside the name of its type, as a range, belongs to the field.
  const inner = alternatives(part).find(({ type, node }) => type === name && node.$ref === undefined);
  if (!inner) return [];
  return inner.node.anyOf ? targets(inner) : [inner];
}

/** A structure of one field, as a thing that may be chosen beside others. */
function alone({ properties = {} }: Node): Variant[] {
  const [only, ...others] = Object.entries(properties);
  if (!only || others.length > 0) return [];
  return [{ name: only[0], settings: only[1], comparesLogits: false, hasTemperature: true }];
}

function variantsOfPart(part: Part): Variant[] {
  const options = targets(part);
  const several = options.length > 1;
  return options.flatMap(({ node }) => node.oneOf?.flatMap(variantIn) ?? (several ? alone(node) : []));
}

const is = (part: Part, ...types: string[]): boolean =>
  alternatives(part).some(({ node }) =>
    [node.type].flat().some((type) => type !== undefined && types.includes(type)),
  );

function kindOf(part: Part): Kind {
  if (isSchedule({ type: part.type, name: '', node: part.node, optional: false }))
    return { kind: 'schedule' };
  const variants = variantsOfPart(part);
  if (variants.length > 0) return { kind: 'choice', variants };
  const item = itemOf(part);
  if (item) return { kind: is(item, 'integer', 'number') ? 'numbers' : 'list' };
  if (is(part, 'boolean')) return { kind: 'flag' };
  if (is(part, 'integer', 'number')) return { kind: 'number' };
  if (is(part, 'string')) return { kind: 'name' };
  return { kind: 'group', fields: targets(part).flatMap(({ node }) => Object.keys(node.properties ?? {})) };
}

/** What kind of a field a path leads to, with places in lists as in `learns_from[0]`; undefined if there is none. */
export function kindAt(path: string): Kind | undefined {
  const part = partAt(path);
  return part && kindOf(part);
}

/** Whether the field may be left out of a config, and stands for nothing there. */
export function canBeAbsent(path: string): boolean {
  const part = partAt(path);
  const at = path.lastIndexOf('.');
  const holder = at < 0 ? undefined : partAt(path.slice(0, at));
  const name = path.slice(at + 1);
  const isRequired = holder && alternatives(holder).some(({ node }) => node.required?.includes(name));
  return part !== undefined && !isRequired && part.node.default === undefined;
}

/** What a field begins as when it is added: what it is by default, or the least of its kind. */
export function initialValue(path: string): Json {
  const part = partAt(path);
  return part ? initialOf(part, path) : null;
}

function initialOf(part: Part, path: string): Json {
  const { node } = part;
  if (node.default !== undefined) return node.default;
  const kind = kindOf(part);
  switch (kind.kind) {
    case 'schedule':
    case 'number':
      return alternatives(part).find((option) => option.node.minimum !== undefined)?.node.minimum ?? 0;
    case 'flag':
      return true;
    case 'name':
      return '';
    case 'numbers':
    case 'list': {
      const least =
        alternatives(part).find((option) => option.node.minItems !== undefined)?.node.minItems ?? 0;
      return kind.kind === 'list' || least > 0 ? [initialValue(`${path}[0]`)] : [];
    }
    case 'choice':
      return variantAt(path, kind.variants[0]!);
    case 'group':
      return groupAt(path, part);
  }
}

/** A structure with the fields that it must have. */
function groupAt(path: string, part: Part): Json {
  const required = targets(part).flatMap(({ node }) => node.required ?? []);
  return Object.fromEntries(required.map((name) => [name, initialValue(`${path}.${name}`)]));
}

/** A variant as a config has it at a path, with its settings as by default. */
export function variantAt(path: string, { name, settings }: Variant): Json {
  return settings === null ? name : { [name]: initialValue(`${path}.${name}`) };
}
