/** How the text looks: by the page's own variables, which reach into the editor, so that both themes are served. */

import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

// Colours of no role: teacher, student and control are told apart elsewhere.
const WORDS = 'light-dark(#6b3fa0, #c7a5f2)';
const NUMBERS = 'light-dark(#1d5c9e, #8dbcf3)';

const highlighting = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--ink)', fontWeight: 'var(--strong)' },
  { tag: tags.string, color: WORDS },
  { tag: [tags.number, tags.bool, tags.null], color: NUMBERS },
  { tag: [tags.separator, tags.squareBracket, tags.brace], color: 'var(--ink-quiet)' },
]);

const theme = EditorView.theme({
  '&': {
    fontSize: 'var(--small)',
    color: 'var(--ink)',
    backgroundColor: 'var(--surface)',
    border: '1px solid var(--line)',
    borderRadius: 'var(--radius)',
  },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '1px' },
  '.cm-scroller': { height: '37em', fontFamily: 'ui-monospace, monospace', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--ink)', padding: 'var(--s2) 0' },
  '.cm-gutters': { color: 'var(--ink-quiet)', backgroundColor: 'var(--surface)', border: '0' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'transparent', outline: '1px solid var(--line)' },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'var(--alarm-surface)' },
  // The library's own is a picture in the style sheet, which the page's policy refuses.
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--alarm)' },
  '.cm-lintPoint::after': { borderBottomColor: 'var(--alarm)' },
  '.cm-tooltip': {
    maxWidth: 'min(360px, 80vw)',
    fontFamily: 'var(--sans)',
    color: 'var(--ink)',
    backgroundColor: 'var(--surface)',
    border: '1px solid var(--line)',
    borderRadius: 'var(--radius)',
  },
  '.cm-tooltip-hover > *': { padding: 'var(--s2) var(--s3)' },
  '.cm-diagnostic': { borderInlineStart: '4px solid var(--alarm)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { maxWidth: '80vw', fontFamily: 'inherit' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: 'var(--s1) var(--s2)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    color: 'var(--on-accent)',
    backgroundColor: 'var(--accent)',
  },
  '.cm-completionDetail': { fontStyle: 'normal', color: 'var(--ink-quiet)' },
  'li[aria-selected] .cm-completionDetail': { color: 'inherit' },
});

export const look = [theme, syntaxHighlighting(highlighting)];
