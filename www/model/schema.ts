/** What the config may hold, read from the schema that the crate generates: no second list of it here. */

import generated from '../engine/generated/schema.json';
import { own } from './own';
import type { Json } from './paths';

export interface Node {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: string;
  readonly default?: Json;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node | boolean;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly allOf?: readonly Node[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly 'x-unit'?: string;
  readonly 'x-compares-logits'?: boolean;
  readonly 'x-without-temperature'?: boolean;
}

export interface Range {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** A field where it is declared: its type by name, and what the schema says of it. */
export interface Field {
  readonly type: string;
  readonly name: string;
  readonly node: Node;
  /** Whether it is left out of a config that is written where it is as by default. */
  readonly optional: boolean;
}

/** One of the things a choice may be. */
export interface Variant {
  readonly name: string;
  /** The type of its settings; null if it has none. */
  readonly settings: Node | null;
  readonly comparesLogits: boolean;
  /** Whether temperature and T² play a part in it. */
  readonly hasTemperature: boolean;
  /** What the schema says of it. */
  readonly description?: string | undefined;
}

const TYPES = (generated as unknown as { $defs: Readonly<Record<string, Node>> }).$defs;

/** A schema node in the type that it stands in. */
export interface Part {
  readonly node: Node;
  readonly type: string;
}

export const typeOf = ({ $ref }: Node): string | undefined => $ref?.split('/').pop();

/** A node itself and every alternative it stands for. */
export function alternatives({ node, type }: Part): Part[] {
  const name = typeOf(node);
  const target = own(TYPES, name ?? '');
  const within = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])];
  const further = within.map((option) => ({ node: option, type }));
  if (name !== undefined && target) further.push({ node: target, type: name });
  return [{ node, type }, ...further.flatMap(alternatives)];
}

const CONFIG: Part = { node: TYPES.Config!, type: 'Config' };

/** What lies below a name: a field, a variant of a choice (undefined), or what has a name of its own, as models do (null). */
interface Below {
  readonly part: Part;
  readonly field: Field | null | undefined;
}

function below(part: Part, key: string): Below | undefined {
  for (const { node, type } of alternatives(part)) {
    const { additionalProperties, properties, required = [] } = node;
    const property = own(properties, key);
    if (property) {
      const field = { type, name: key, node: property, optional: !required.includes(key) };
      return { part: { node: property, type }, field: node === TYPES[type] ? field : undefined };
    }
    if (typeof additionalProperties === 'object')
      return { part: { node: additionalProperties, type }, field: null };
  }
  return undefined;
}

/** What a path leads to, with places in lists as in `learns_from[0]`. */
export function partAt(path: string): Part | undefined {
  let part: Part | undefined = CONFIG;
  for (const step of path.split('.')) {
    const [key = '', ...places] = step.split('[');
    part = part && below(part, key)?.part;
    for (const _ of places) part = part && itemOf(part);
  }
  return part;
}

/** What a path leads to, and every alternative of it. */
function nodesAt(path: string): Node[] {
  const part = partAt(path);
  return part ? alternatives(part).map(({ node }) => node) : [];
}

export function itemOf(part: Part): Part | undefined {
  const list = alternatives(part).find(({ node }) => typeof node.items === 'object');
  return list && { node: list.node.items as Node, type: list.type };
}

/** Whether the field holds a number that may change over training. */
export function isSchedule({ node }: Field): boolean {
  return [node, ...(node.anyOf ?? [])].some((option) => typeOf(option) === 'Schedule');
}

/**
 * The innermost field that a path leads to, with places in lists as in `hidden[1]`; a schedule's parts are the field that
 * the schedule stands in, and what the schema does not know is no field.
 */
export function fieldAt(path: string): Field | undefined {
  let [part, found]: [Part, Field | undefined] = [CONFIG, undefined];
  for (const [, key, places] of path.matchAll(/([^.[]+)((?:\[\d+\])*)\.?/g)) {
    const next = below(part, key!);
    if (!next) return undefined;
    // The name of a variant is no field of its own: what is chosen is.
    if (next.field !== undefined) found = next.field ?? undefined;
    if (found && isSchedule(found)) return found;
    part = next.part;
    for (const _ of places!.matchAll(/\[/g)) part = itemOf(part) ?? part;
  }
  return found;
}

/** Whether the config can have a field there, outside of lists; the names of models are free. */
export function isField(path: string): boolean {
  return !path.includes('[') && partAt(path) !== undefined;
}

/** Whether the field can be a list. A lab would read one in the place of a structure as its fields in their order. */
export function canBeList(path: string): boolean {
  return nodesAt(path).some(({ items, type }) => items !== undefined || type === 'array');
}

function rangeIn(nodes: readonly Node[]): Range {
  return {
    min: nodes.find((node) => node.minimum !== undefined)?.minimum,
    max: nodes.find((node) => node.maximum !== undefined)?.maximum,
  };
}

/** The inclusive range of a number in the config. */
export function rangeOf(path: string): Range {
  return rangeIn(nodesAt(path));
}

/** Whether a number can stand there. */
export function isNumber(path: string): boolean {
  return isWhole(path) || nodesAt(path).some(({ type }) => type?.includes('number'));
}

/** Whether only whole numbers can stand there. */
export function isWhole(path: string): boolean {
  return nodesAt(path).some(({ type }) => type?.includes('integer'));
}

/** The range of the numbers in a list, and how many there may be. */
export function listRangeOf(path: string): { item: Range; maxItems: number | undefined } {
  const part = partAt(path);
  const item = part && itemOf(part);
  const nodes = item ? alternatives(item).map(({ node }) => node) : [];
  return {
    item: rangeIn(nodes),
    maxItems: nodesAt(path).find((node) => node.maxItems !== undefined)?.maxItems,
  };
}

export function variantIn(node: Node): Variant[] {
  const comparesLogits = node['x-compares-logits'] === true;
  const hasTemperature = node['x-without-temperature'] !== true;
  const found = { comparesLogits, hasTemperature, description: node.description };
  if (node.const !== undefined) return [{ name: node.const, settings: null, ...found }];
  return Object.entries(node.properties ?? {}).map(([name, settings]) => ({ name, settings, ...found }));
}

/** What a type that is a choice may be; empty if it is none. */
export function variantsOf(type: string): Variant[] {
  return (own(TYPES, type)?.oneOf ?? []).flatMap(variantIn);
}

/** Which of them a value is. */
export function variantOf(type: string, value: unknown): Variant | undefined {
  const name = variantName(value);
  return variantsOf(type).find((variant) => variant.name === name);
}

/** What a field of a type is where a config leaves it out. */
export function defaultOf(type: string, field: string): Json | undefined {
  return own(own(TYPES, type)?.properties, field)?.default;
}

/** The type whose variants a field has, by name; null if it is no choice. */
export function choiceOf({ node }: Field): string | null {
  const names = [node, ...(node.anyOf ?? [])].flatMap((option) => typeOf(option) ?? []);
  return names.find((name) => variantsOf(name).length > 0) ?? null;
}

/** The name of the variant that a value is; null for what is none. */
export function variantName(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? (Object.keys(value)[0] ?? null) : null;
}

/** The fields of a variant's settings. */
export function settingsOf({ settings }: Variant): Readonly<Record<string, Node>> {
  return own(TYPES, (settings && typeOf(settings)) ?? '')?.properties ?? {};
}

/** A variant as a config has it, with its settings as by default. */
export function variantValue(variant: Variant): Json {
  const { name, settings } = variant;
  if (settings === null) return name;
  const defaults = Object.entries(settingsOf(variant)).flatMap(([field, node]): [string, Json][] =>
    node.default === undefined ? [] : [[field, node.default]],
  );
  return { [name]: Object.fromEntries(defaults) };
}

/** Every field and every variant below the config, by the type it is declared in; a schedule's parts belong to its field. */
export function declared(): { fields: Field[]; variants: { type: string; name: string }[] } {
  const fields: Field[] = [];
  const variants: { type: string; name: string }[] = [];
  const seen = new Set<string>(['Schedule']);
  const visit = (type: string): void => {
    if (seen.has(type)) return;
    seen.add(type);
    const choices = variantsOf(type);
    for (const { name } of choices) variants.push({ type, name });
    const { properties = {}, required = [] } = TYPES[type]!;
    for (const [name, node] of Object.entries(properties))
      fields.push({ type, name, node, optional: !required.includes(name) });
    for (const [, name] of JSON.stringify(TYPES[type]).matchAll(/"#\/\$defs\/(\w+)"/g)) visit(name!);
  };
  visit('Config');
  return { fields, variants };
}
