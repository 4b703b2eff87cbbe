/**
 * The config's text in CodeMirror. It stands in a shadow root: there its style sheets are objects of the document, where elsewhere
 * they would be inline, which the page's policy refuses.
 */

import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, forceParsing, syntaxTree } from '@codemirror/language';
import {
  type Diagnostic,
  forEachDiagnostic,
  linter,
  nextDiagnostic,
  previousDiagnostic,
} from '@codemirror/lint';
import { Compartment, EditorState, type Extension, type Transaction } from '@codemirror/state';
import { EditorView, hoverTooltip, keymap, lineNumbers, type ViewUpdate } from '@codemirror/view';
import { sentences } from '../../../i18n/format';
import { m } from '../../../i18n/messages';
import { completing, type NamesAt } from './completions';
import { fieldHelp } from './field-help';
import { look } from './look';
import { brokenAt, pathOf, type Read, spanOf } from './places';

/** Something that is wrong: at a path, or null for what is no JSON. */
export interface Fault {
  readonly path: string | null;
  readonly sentence: string;
}

export interface Options {
  readonly text: string;
  /** What the text is called for who does not see it. */
  readonly label: string;
  readonly check: (text: string) => Promise<readonly Fault[]>;
  readonly namesAt: NamesAt;
  readonly onchange: (text: string) => void;
  /** What there is to say of where the cursor stands, and of how many places something is wrong. */
  readonly ontell: (said: {
    readonly words: string;
    readonly isFault: boolean;
    readonly faults: number;
  }) => void;
}

export interface JsonEditor {
  text: string;
  locked: boolean;
  destroy(): void;
}

/** A pause in typing after which the lab is asked. */
const CHECK_DELAY_MS = 400;
/** The largest config is parsed in a few milliseconds. */
const PARSE_MS = 200;

const readOf =
  ({ state }: { state: EditorState }): Read =>
  (from, to) =>
    state.sliceDoc(from, to);

function pathAt(view: EditorView, pos: number, side: 1 | -1): string {
  const tree = syntaxTree(view.state);
  return pathOf(tree, tree.resolveInner(pos, side), readOf(view)) ?? '';
}

/** The path of what stands before the cursor in its line, or of what the line begins with. */
function pathAtCursor(view: EditorView): string {
  const { head } = view.state.selection.main;
  const { from, text } = view.state.doc.lineAt(head);
  const before = text.slice(0, head - from).replace(/[\s,]+$/, '').length;
  return before > 0 ? pathAt(view, from + before, -1) : pathAt(view, from + text.search(/\S|$/), 1);
}

function checking(check: Options['check']): Extension {
  return linter(
    async (view) => {
      const faults = await check(view.state.doc.toString());
      forceParsing(view, view.state.doc.length, PARSE_MS);
      const tree = syntaxTree(view.state);
      const { length } = view.state.doc;
      return faults.map(({ path, sentence }): Diagnostic => {
        const broken = path === null ? brokenAt(tree, length) : null;
        const span = broken ?? spanOf(tree, path ?? '', readOf(view));
        return { ...span, severity: 'error', message: sentence };
      });
    },
    { delay: CHECK_DELAY_MS },
  );
}

const helping = hoverTooltip((view, pos) => {
  const words = fieldHelp(pathAt(view, pos, 1));
  if (words === '') return null;
  const create = (): { dom: HTMLElement } => {
    const dom = document.createElement('div');
    dom.textContent = words;
    return { dom };
  };
  return { pos, above: true, create };
});

/**
 * Chromium gives what is typed over a selection the look of what was there, by a style that the page's policy refuses and reports:
 * such a letter is put in without the browser.
 */
const typedOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { data, inputType } = event;
    const { from, to, empty } = view.state.selection.main;
    if (inputType !== 'insertText' || !data || empty || view.composing) return false;
    const insert = (): Transaction =>
      view.state.update(view.state.replaceSelection(data), { userEvent: 'input.type' });
    const isTaken = view.state
      .facet(EditorView.inputHandler)
      .some((handle) => handle(view, from, to, data, insert));
    if (!isTaken) view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});

/** What is wrong in the cursor's line, or else what its field is. */
function telling({ state, view }: ViewUpdate): Parameters<Options['ontell']>[0] {
  const { from: start, to: end } = state.doc.lineAt(state.selection.main.head);
  const here: string[] = [];
  let faults = 0;
  forEachDiagnostic(state, ({ message }, from, to) => {
    faults += 1;
    if (from <= end && start <= to) here.push(message);
  });
  const words = here.length > 0 ? sentences(...here) : fieldHelp(pathAtCursor(view));
  return { words, isFault: here.length > 0, faults };
}

export function jsonEditor(
  parent: ShadowRoot,
  { text, label, check, namesAt, onchange, ontell }: Options,
): JsonEditor {
  const lock = new Compartment();
  const locking = (locked: boolean): Extension => [
    EditorState.readOnly.of(locked),
    EditorView.editable.of(!locked),
  ];
  const view: EditorView = new EditorView({
    parent,
    root: parent,
    doc: text,
    extensions: [
      lineNumbers(),
      EditorView.lineWrapping,
      history(),
      json(),
      bracketMatching(),
      closeBrackets(),
      autocompletion({ override: [completing(namesAt)], icons: false }),
      checking(check),
      helping,
      typedOver,
      look,
      // Tab is left to the page: who came by it goes on by it.
      keymap.of([
        { key: 'F8', run: nextDiagnostic, shift: previousDiagnostic },
        ...closeBracketsKeymap,
        ...defaultKeymap,
        ...historyKeymap,
        ...completionKeymap,
      ]),
      EditorState.phrases.of({ Completions: m.json_completions(), Diagnostics: m.json_diagnostics() }),
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
      lock.of(locking(false)),
      EditorView.updateListener.of((update) => {
        const isOwn = update.transactions.some((transaction) => transaction.isUserEvent('set'));
        if (update.docChanged && !isOwn) onchange(update.state.doc.toString());
        ontell(telling(update));
      }),
    ],
  });
  return {
    get text() {
      return view.state.doc.toString();
    },
    set text(wanted) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: wanted }, userEvent: 'set' });
    },
    get locked() {
      return view.state.readOnly;
    },
    set locked(wanted) {
      view.dispatch({ effects: lock.reconfigure(locking(wanted)) });
    },
    destroy: () => view.destroy(),
  };
}
