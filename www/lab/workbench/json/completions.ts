/** What may be typed at a place of the config: names of fields, choices and flags by the declaration, other names by the lab. */

import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { syntaxTree } from '@codemirror/language';
import type { EditorView } from '@codemirror/view';
import { initialValue, kindAt, variantAt } from '../../../model/form';
import { type KnownName, shapeWords } from '../../../model/known-names';
import { declared } from '../../../model/schema';
import { calledIn, purposeOf, variantsAt } from './field-help';
import { childrenOf, type Node, nameOf, pathOf, type Read, type Tree, valueIn } from './places';

/** A word of it, and what is written for it. */
export interface Offer {
  readonly name: string;
  readonly called: string;
  readonly help: string;
  readonly text: string;
}

const within = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

function fieldsOf(path: string): readonly string[] {
  if (path === '')
    return declared()
      .fields.filter(({ type }) => type === 'Config')
      .map(({ name }) => name);
  const kind = kindAt(path);
  return kind?.kind === 'group' ? kind.fields : [];
}

/** Names that an object may have beside those that it has. */
export function namesFor(path: string, taken: readonly string[]): Offer[] {
  const variants = taken.length > 0 ? [] : variantsAt(path).filter(({ hasSettings }) => hasSettings);
  const names = [
    ...fieldsOf(path).filter((name) => !taken.includes(name)),
    ...variants.map(({ name }) => name),
  ];
  return names.map((name) => ({
    name,
    called: calledIn(path, name),
    help: purposeOf(within(path, name)),
    text: `${JSON.stringify(name)}: ${JSON.stringify(initialValue(within(path, name)))}`,
  }));
}

const known = ({ name, shape }: KnownName): Offer => ({
  name,
  called: shape === null ? '' : shapeWords(shape),
  help: '',
  text: JSON.stringify(name),
});

/** Values that a field may have, where they can be counted. */
export function valuesFor(path: string): Offer[] {
  const kind = kindAt(path);
  if (kind?.kind === 'flag')
    return ['true', 'false'].map((name) => ({ name, called: '', help: '', text: name }));
  if (kind?.kind !== 'choice') return [];
  return kind.variants.map((variant) => ({
    name: variant.name,
    called: calledIn(path, variant.name),
    help: '',
    text: JSON.stringify(variantAt(path, variant)),
  }));
}

/** The property whose value is being written at a place, if one is. */
function writtenAt(node: Node, pos: number): Node | null {
  for (let at: Node | null = node; at && at.name !== 'Object' && at.name !== 'Array'; at = at.parent) {
    const colon = at.name === 'Property' ? at.getChild(':') : null;
    if (colon && colon.to <= pos) return at;
  }
  return null;
}

/** A property that is being named: what else stands in it, taken for a part of it while a comma is missing, and whether it has a value. */
function begun(property: Node | undefined, read: Read): { swallowed: string[]; hasColon: boolean } {
  const texts = property ? childrenOf(property).filter(({ type }) => type.isError) : [];
  const swallowed = texts.flatMap(({ from, to }) => /^"([\w-]+)"$/.exec(read(from, to))?.[1] ?? []);
  return { swallowed, hasColon: property?.getChild('PropertyName')?.nextSibling?.name === ':' };
}

/** Offers, and how they are written: the name alone before a value, a comma behind where another property follows. */
interface Offered {
  readonly offers: readonly Offer[];
  readonly isNameAlone: boolean;
  readonly isBeforeAnother: boolean;
  /** Where a name is written that the lab knows: a model's, a checkpoint's, a layer's. */
  readonly name: { readonly path: string; readonly from: number; readonly to: number } | null;
}

const offering = (
  offers: readonly Offer[],
  isNameAlone = false,
  isBeforeAnother = false,
  name: Offered['name'] = null,
): Offered => ({ offers, isNameAlone, isBeforeAnother, name });

/** What is offered at a place. */
export function offersAt(tree: Tree, pos: number, read: Read): Offered {
  const node = tree.resolveInner(pos, -1);
  const property = writtenAt(node, pos);
  if (property) {
    const value = valueIn(property);
    const path = pathOf(tree, property, read);
    const isWord = value === null || (value.name !== 'Object' && value.name !== 'Array');
    if (path === null || !isWord) return offering([]);
    const { from, to } = value ?? { from: pos, to: pos };
    return offering(valuesFor(path), false, false, kindAt(path)?.kind === 'name' ? { path, from, to } : null);
  }
  let object: Node | null = node;
  while (object && object.name !== 'Object') object = object.name === 'Array' ? null : object.parent;
  const path = object && pathOf(tree, object, read);
  if (!object || path === null) return offering([]);
  const isHere = (one: Node): boolean => one.from < pos && pos <= one.to;
  const properties = object.getChildren('Property');
  const { swallowed, hasColon } = begun(properties.find(isHere), read);
  const others = properties.filter((one) => !isHere(one)).flatMap((one) => nameOf(one, read) ?? []);
  return offering(namesFor(path, [...others, ...swallowed]), hasColon, swallowed.length > 0);
}

/** Writes an offer in the place of the word that was begun, with the quotes that may stand round it. */
function write(view: EditorView, text: string, from: number, to: number): void {
  const { doc } = view.state;
  const start = doc.sliceString(from - 1, from) === '"' ? from - 1 : from;
  const end = doc.sliceString(to, to + 1) === '"' ? to + 1 : to;
  view.dispatch({
    changes: { from: start, to: end, insert: text },
    selection: { anchor: start + text.length },
    userEvent: 'input.complete',
  });
}

/** The names that are allowed at a path of a config, which is given as a text that has another one there. */
export type NamesAt = (text: string, path: string) => Promise<readonly KnownName[]>;

export const completing =
  (namesAt: NamesAt) =>
  async (context: CompletionContext): Promise<CompletionResult | null> => {
    const { state, pos, explicit } = context;
    const word = context.matchBefore(/[\w-]*/);
    const isBegun = state.sliceDoc(pos - 1, pos) === '"' || (word !== null && word.from < word.to);
    if (!explicit && !isBegun) return null;
    const read: Read = (from, to) => state.sliceDoc(from, to);
    const { offers: counted, isNameAlone, isBeforeAnother, name } = offersAt(syntaxTree(state), pos, read);
    const names =
      name && (await namesAt(`${read(0, name.from)}"?"${read(name.to, state.doc.length)}`, name.path));
    const offers = names ? names.map(known) : counted;
    if (offers.length === 0) return null;
    const options = offers.map(({ name, called, help, text }): Completion => {
      const written = isNameAlone ? JSON.stringify(name) : `${text}${isBeforeAnother ? ',' : ''}`;
      return {
        label: name,
        detail: called,
        ...(help !== '' && { info: help }),
        apply: (view, _, from, to) => write(view, written, from, to),
      };
    });
    return { from: word?.from ?? pos, options, validFor: /^[\w-]*$/ };
  };
