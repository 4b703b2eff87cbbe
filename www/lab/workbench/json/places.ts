/** Where in a text a path of the config stands, and what path a place in the text has: both by the syntax tree. */

import type { syntaxTree } from '@codemirror/language';

export type Tree = ReturnType<typeof syntaxTree>;
export type Node = Tree['topNode'];

/** What a part of the text says. */
export type Read = (from: number, to: number) => string;

export interface Span {
  readonly from: number;
  readonly to: number;
}

const VALUES: ReadonlySet<string> = new Set(['Object', 'Array', 'String', 'Number', 'True', 'False', 'Null']);
const IN_RECORD = 'config';

const valuesIn = (array: Node): Node[] => childrenOf(array).filter(({ name }) => VALUES.has(name));

export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}

/** The value of a property; null while there is none. */
export function valueIn(property: Node): Node | null {
  return childrenOf(property).find(({ name }) => VALUES.has(name)) ?? null;
}

/** The name of a property as JSON has it; null where that is not finished. */
export function nameOf(property: Node, read: Read): string | null {
  const name = property.getChild('PropertyName');
  try {
    return name ? (JSON.parse(read(name.from, name.to)) as string) : null;
  } catch {
    return null;
  }
}

const propertyOf = (object: Node, name: string, read: Read): Node | undefined =>
  object.getChildren('Property').find((property) => nameOf(property, read) === name);

/** The config's own object: the text's, or the one within a record. */
function configIn(tree: Tree, read: Read): Node | null {
  const root = childrenOf(tree.topNode).find(({ name }) => name === 'Object');
  const property = root && propertyOf(root, IN_RECORD, read);
  const inner = property && valueIn(property);
  return inner?.name === 'Object' ? inner : (root ?? null);
}

/** The path of a node, as problems and forms have it: `models.student.learns_from[0].weight`; null outside of the config. */
export function pathOf(tree: Tree, node: Node, read: Read): string | null {
  const config = configIn(tree, read);
  const steps: string[] = [];
  for (let at: Node | null = node; at; at = at.parent) {
    if (config && at.from === config.from && at.to === config.to && at.name === 'Object')
      return steps.join('').replace(/^\./, '');
    if (at.name === 'Property') steps.unshift(`.${nameOf(at, read) ?? ''}`);
    const { parent } = at as Node;
    if (parent?.name === 'Array' && VALUES.has(at.name)) {
      const { from } = at;
      steps.unshift(`[${valuesIn(parent).findIndex((item) => item.from === from)}]`);
    }
  }
  return null;
}

/** What stands for a path: its value, or its name where the value is long; of one that is not there, what it would stand in. */
export function spanOf(tree: Tree, path: string, read: Read): Span {
  let node = configIn(tree, read);
  let span: Span = { from: node?.from ?? 0, to: node ? node.from + 1 : 0 };
  for (const [, name, place] of path.matchAll(/([^.[\]\s]+)|\[(\d+)\]/g)) {
    if (!node) break;
    let next: Node | null | undefined;
    if (place !== undefined) next = node.name === 'Array' ? valuesIn(node)[Number(place)] : undefined;
    else {
      const property = propertyOf(node, name!, read);
      if (property) span = property.getChild('PropertyName') ?? span;
      next = property && valueIn(property);
    }
    if (!next) break;
    if (next.name !== 'Object' && next.name !== 'Array') span = next;
    else if (place !== undefined) span = { from: next.from, to: next.from + 1 };
    node = next;
  }
  return { from: span.from, to: span.to };
}

/** Where the text ceases to be JSON; null where it does not. */
export function brokenAt(tree: Tree, length: number): Span | null {
  let broken: Span | null = null;
  tree.iterate({
    enter: ({ type, from, to }) => {
      if (type.isError && broken === null) broken = { from, to };
      return broken === null;
    },
  });
  if (broken === null) return null;
  const { from, to } = broken as Span;
  // What is missing has no width of its own.
  const start = Math.max(0, Math.min(from, length - 1));
  return { from: start, to: Math.min(length, Math.max(to, start + 1)) };
}
