// What a build writes into the head of index.html: the content security policy, the version, and the files that belong to it.

import { createHash } from 'node:crypto';

/**
 * As a `<meta>`, because a static host sends no headers of ours. `wasm-unsafe-eval` compiles WebAssembly and nothing else.
 * Who may embed the page (`frame-ancestors`) cannot stand in a `<meta>`, and anyone may.
 */
export const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "frame-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const VERSION_LENGTH = 16;
/** What the page cannot open without, whichever engine runs and whichever digits it needs. */
const NEEDED = /\.(js|css)$/;
/** The service worker's own name stays. */
const UNVERSIONED = new Set(['offline.js', 'index.html']);

/** The policy governs only what stands behind it. */
const BEFORE_ALL = '<meta charset="utf-8" />';

/** Vite's plugin. The version is a digest of every name with a digest in it, and of the page. */
export function head() {
  return {
    name: 'distillery:head',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        const names = Object.keys(bundle)
          .filter((name) => !UNVERSIONED.has(name))
          .sort();
        const version = createHash('sha256')
          .update([...names, html].join('\n'))
          .digest('hex');
        if (!html.includes(BEFORE_ALL)) throw new Error(`index.html has no ${BEFORE_ALL}`);
        const lines = [
          `<meta http-equiv="Content-Security-Policy" content="${POLICY}" />`,
          `<meta name="version" content="${version.slice(0, VERSION_LENGTH)}" />`,
          `<meta name="files" content="${names.filter((name) => NEEDED.test(name)).join(' ')}" />`,
        ];
        return html.replace(BEFORE_ALL, [BEFORE_ALL, ...lines].join('\n    '));
      },
    },
  };
}
