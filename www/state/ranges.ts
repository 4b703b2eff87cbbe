/** Ranges of the config's fields, read from the schema that the crate generates: no second list of them here. */

import schema from '../engine/generated/schema.json';
import { own } from '../model/own';

interface Node {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node | boolean;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly allOf?: readonly Node[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly $defs?: Readonly<Record<string, Node>>;
}

export interface Range {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

const ROOT = schema as unknown as Node;
const CONFIG: Node = (ROOT as { Config?: Node }).Config ?? ROOT.$defs?.Config ?? ROOT;

/** The schema node itself and every alternative it stands for. */
function alternatives(node: Node): Node[] {
  const name = node.$ref?.split('/').pop();
  const target = name === undefined ? undefined : (own(CONFIG.$defs, name) ?? own(ROOT.$defs, name));
  const further = [
    ...(target ? [target] : []),
    ...(node.anyOf ?? []),
    ...(node.oneOf ?? []),
    ...(node.allOf ?? []),
  ];
  return [node, ...further.flatMap(alternatives)];
}

function child(node: Node, key: string): Node | undefined {
  for (const option of alternatives(node)) {
    const property = own(option.properties, key);
    if (property) return property;
    if (typeof option.additionalProperties === 'object') return option.additionalProperties;
  }
  return undefined;
}

function nodeAt(path: string): Node | undefined {
  return path.split('.').reduce<Node | undefined>((node, key) => node && child(node, key), CONFIG);
}

/** Whether the config can have a field there; the names of models are free. */
export function isField(path: string): boolean {
  return nodeAt(path) !== undefined;
}

/** Whether the field can be a list. A lab would read one in the place of a structure as its fields in their order. */
export function canBeList(path: string): boolean {
  return alternatives(nodeAt(path) ?? {}).some(({ items, type }) => items !== undefined || type === 'array');
}

/** The inclusive range of a number in the config. */
export function rangeOf(path: string): Range {
  const options = alternatives(nodeAt(path) ?? {});
  return {
    min: options.find((node) => node.minimum !== undefined)?.minimum,
    max: options.find((node) => node.maximum !== undefined)?.maximum,
  };
}

/** The range of the numbers in a list, and how many there may be. */
export function listRangeOf(path: string): { item: Range; maxItems: number | undefined } {
  const options = alternatives(nodeAt(path) ?? {});
  const items = options.map((node) => node.items).find((node) => typeof node === 'object');
  const nodes = alternatives(typeof items === 'object' ? items : {});
  return {
    item: {
      min: nodes.find((node) => node.minimum !== undefined)?.minimum,
      max: nodes.find((node) => node.maximum !== undefined)?.maximum,
    },
    maxItems: options.find((node) => node.maxItems !== undefined)?.maxItems,
  };
}
