import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { openingChunks } from './scripts/page/chunks.mjs';
import { digestFolders } from './scripts/page/digest-folders.mjs';
import { head } from './scripts/page/head.mjs';

const PUBLIC = 'www/public';

export default defineConfig({
  // Relative addresses, so that dist/ works from any sub-path of any static host.
  base: './',
  publicDir: PUBLIC,
  plugins: [
    paraglideVitePlugin({
      project: './www/i18n/project.inlang',
      outdir: './www/i18n/paraglide',
      // The page decides its language itself (www/i18n/locale.svelte.ts).
      strategy: ['globalVariable', 'baseLocale'],
      emitTsDeclarations: true,
      // The same for builds, tests and the development server. By default builds have another one, and each writes the
      // folder anew after the other: 20 s of work, for which a run of tests that has ended waits.
      outputStructure: 'message-modules',
    }),
    svelte(),
    digestFolders(PUBLIC),
    head(),
  ],
  worker: { format: 'es' },
  // What the builds make is no source; the package of the development server is told to it when it is whole.
  server: {
    watch: {
      ignored: ['build', 'dist', 'pkg', 'target'].map((folder) => `${import.meta.dirname}/${folder}/**`),
    },
  },
  build: {
    outDir: 'dist',
    // Every browser that can run the engines knows this much.
    target: 'es2023',
    // A wasm package is a file of its own: it is fetched with progress and compressed beside the page.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      input: { index: 'index.html', offline: 'www/offline/worker.ts' },
      output: {
        // A service worker has its place beside the page, under a name that stays.
        entryFileNames: ({ name }) => (name === 'offline' ? 'offline.js' : 'assets/[name]-[hash].js'),
        codeSplitting: { groups: openingChunks(import.meta.dirname) },
      },
    },
  },
  test: {
    include: ['www/**/*.test.ts', 'packages/*/src/**/*.test.ts', 'bench/*.test.mjs', 'tests/layers.test.mjs'],
    environment: 'node',
    // The files share nothing that changes, and `setupFiles` sees to it; a process for each of them takes 20 s to end.
    isolate: false,
    setupFiles: ['www/testing/clean-up.ts'],
    // The first file that asks for the page's words waits until thousands of modules of them are made.
    hookTimeout: 60_000,
    // On a machine that is busy with other things the shortest test may wait for seconds.
    testTimeout: 30_000,
  },
});
