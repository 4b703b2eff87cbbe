// Who may use whom, in Rust and on the page. Each line of a table is a layer: what stands in it may use what stands above it, and
// itself, but not its neighbours.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, normalize, relative } from 'node:path';
import { expect, test } from 'vitest';

/** Modules of `src/`. `cli` and `web` are two fronts of one crate. */
const RUST = [
  ['split'],
  ['error'],
  ['bounds'],
  ['json', 'report', 'random'],
  ['ranges', 'archive'],
  ['data'],
  ['nets', 'measure'],
  ['distill'],
  ['compress'],
  ['train'],
  ['experiment'],
  ['web', 'cli'],
];

/** Folders of `www/`. `lab` has what panels share, the panels (every other folder of it), and the shell around them. */
const PAGE = [
  ['engine', 'i18n', 'offline'],
  ['model'],
  ['lessons', 'runs'],
  ['state'],
  ['charts'],
  ['lab/words', 'lab/terms'],
  ['lab/parts'],
  ['lab/*'],
  ['lab'],
  // `main.ts`, `api.ts` and what belongs to them.
  ['.'],
];

/**
 * What panels, charts and the model take of the engine beside types: an error made or read, the schema, and where pictures
 * lie.
 */
const PLAIN = ['www/engine/failure.ts', 'www/engine/generated/schema.json', 'www/engine/pictures.ts'];

/** Files of a folder with one of the endings; what is generated has no say in this. */
function filesIn(folder, endings) {
  const made = /(^|\/)(generated|paraglide|public|testing)\//;
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => endings.includes(extname(path)) && !made.test(path) && !path.includes('.test.'));
}

/** Uses that go upwards or sideways, and names that no layer has. */
function wrongWays(layers, uses) {
  const names = layers.flat();
  const levelOf = (name) => {
    const known = names.includes(name) ? name : name.replace(/\/.*/, '/*');
    return layers.findIndex((layer) => layer.includes(known));
  };
  return uses.flatMap(({ file, from, to }) => {
    const unknown = [from, to].find((name) => levelOf(name) < 0);
    if (unknown !== undefined) return [`${file}: ${unknown} stands in no layer`];
    return from === to || levelOf(to) < levelOf(from) ? [] : [`${file}: ${from} uses ${to}`];
  });
}

/** Code without comments and without the tests at a file's end, which may look at the whole crate. */
function rustOf(path) {
  const code = readFileSync(path, 'utf8').replace(/\/\/.*/g, '');
  const tests = code.search(/#\[cfg\((all\()?test\b[^\n]*\n(pub )?mod /);
  return tests < 0 ? code : code.slice(0, tests);
}

/** Modules that a text names by `crate::…`, alone or in a list. */
function cratesOwn(code) {
  return [...code.matchAll(/\bcrate::(?:(\w+)|\{)/g)].flatMap(({ 0: { length }, 1: name, index }) => {
    if (name !== undefined) return [name];
    const list = code.slice(index + length, code.indexOf(';', index));
    // Names at the first level only.
    let flat = list;
    while (/::\{[^{}]*\}/.test(flat)) flat = flat.replace(/::\{[^{}]*\}/g, '');
    return [...flat.matchAll(/\w+(?:::\w+)*/g)].map(([path]) => path.split('::')[0]);
  });
}

const isRoot = (path) => ['src/lib.rs', 'src/main.rs'].includes(path);

test('modules of the crate use only what stands below them', () => {
  const uses = filesIn('src', ['.rs'])
    .filter((path) => !isRoot(path))
    .flatMap((file) => {
      const from = relative('src', file).split('/')[0].replace('.rs', '');
      return cratesOwn(rustOf(file)).map((to) => ({ file, from, to }));
    });
  expect(uses.length).toBeGreaterThan(100);
  expect(wrongWays(RUST, uses)).toEqual([]);
});

test('nothing but src/web knows that there is a browser', () => {
  const knowing = [...filesIn('src', ['.rs']), ...filesIn('kernels/src', ['.rs'])].filter((path) =>
    /\b(js_sys|web_sys|wasm_bindgen)\b/.test(rustOf(path)),
  );
  expect(knowing.filter((path) => !path.startsWith('src/web/'))).toEqual([]);
  expect(knowing).not.toEqual([]);
});

/** Files of the page that a file names, and whether only for their types. */
function importsOf(file) {
  const code = readFileSync(file, 'utf8');
  const found = code.matchAll(/\b(import|export)\b(\s+type\b)?[^'";=]*?(?:from\s*|\(\s*)?'(\.[^']+)'/g);
  return [...found].map(([, , type, path]) => ({
    path: normalize(join(dirname(file), path)),
    isType: type !== undefined,
  }));
}

function folderOf(path) {
  const [first, second] = dirname(relative('www', path)).split('/');
  return first === 'lab' && second !== undefined ? `lab/${second}` : first;
}

const page = filesIn('www', ['.ts', '.svelte']);
const imports = page
  .flatMap((file) => importsOf(file).map((one) => ({ file, ...one })))
  // The packages that the engine loads lie outside.
  .filter(({ path }) => path.startsWith('www/'));

test('folders of the page use only what stands below them', () => {
  const uses = imports.map(({ file, path }) => ({ file, from: folderOf(file), to: folderOf(path) }));
  expect(uses.length).toBeGreaterThan(300);
  expect(wrongWays(PAGE, uses)).toEqual([]);
});

test('only engine/ talks to a worker, and whoever draws knows the engine by its types', () => {
  const talking = page.filter((file) =>
    /\bfrom 'comlink'|\bnew (Shared)?Worker\(/.test(readFileSync(file, 'utf8')),
  );
  expect(talking).not.toEqual([]);
  expect(talking.filter((file) => folderOf(file) !== 'engine')).toEqual([]);
  const drawing = imports.filter(({ file }) =>
    ['model', 'charts', 'lab'].includes(folderOf(file).split('/')[0]),
  );
  const values = drawing.filter(({ path, isType }) => folderOf(path) === 'engine' && !isType);
  expect(values.filter(({ path }) => !PLAIN.some((plain) => plain.startsWith(path)))).toEqual([]);
});

test('panels know the store by its contract', () => {
  const known = imports.filter(
    ({ file, path }) => folderOf(file).startsWith('lab') && path.includes('state/store'),
  );
  expect(known).toEqual([]);
});

test('a use that goes the wrong way is found', () => {
  const code = 'use crate::error::Error;\nuse crate::{data::{Digits, PIXELS}, web, nets::Net};\n';
  expect(cratesOwn(code)).toEqual(['error', 'data', 'web', 'nets']);
  const uses = cratesOwn(code).map((to) => ({ file: 'src/nets/x.rs', from: 'nets', to }));
  expect(wrongWays(RUST, uses)).toEqual(['src/nets/x.rs: nets uses web']);
  const sideways = [{ file: 'a', from: 'lab/race', to: 'lab/controls' }];
  expect(wrongWays(PAGE, sideways)).toEqual(['a: lab/race uses lab/controls']);
});
