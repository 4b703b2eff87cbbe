// The digest of every recipe, cut short, stays what it was: a digest covers the weights, the losses and the errors of all
// models. WebAssembly without relaxed SIMD computes the same bits on every machine, so the digests stand in a file
// (`digests.json`), and Node is enough to run it. A change that means to change numbers writes them anew:
// UPDATE=1 node --test tests/browser/digests.test.mjs

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { short } from '../e2e/support/recipes.mjs';
import { ROOT } from '../e2e/support/site.mjs';

const FILE = join(ROOT, 'tests/browser/digests.json');
const RECIPES = join(ROOT, 'src/experiment/recipes');
const at = (...path) => readFileSync(join(ROOT, ...path));

/** A lab of the CPU package with all digits that recipes learn on or are measured on, and the shipped teachers. */
async function furnishedLab() {
  const { initSync, Lab } = await import(join(ROOT, 'pkg/cpu/distillery.js'));
  initSync({ module: at('pkg/cpu/distillery_bg.wasm') });
  const lab = await Lab.create('cpu', false);
  const manifest = at('www/public/data/manifest.json').toString();
  lab.manifest(manifest);
  const { sheets } = JSON.parse(manifest);
  for (const { name, file } of sheets) {
    const packed = at('www/public/data', file);
    lab.addSheet(name, packed, gunzipSync(packed));
  }
  lab.tellTeachers(at('www/public/teachers/cards.json').toString());
  for (const { name, brings_logits } of lab.teachers()) {
    lab.addTeacher(name, at('www/public/teachers', `${name}.safetensors`));
    for (const sheet of sheets.filter(({ split }) => brings_logits && ['train', 'test'].includes(split))) {
      await lab.addLogits(name, sheet.name, at('www/public/teachers', `${name}.${sheet.name}.logits`));
    }
  }
  return lab;
}

test('every recipe, cut short, gives the digest it gave before', async () => {
  const lab = await furnishedLab();
  const digests = {};
  for (const file of readdirSync(RECIPES).sort()) {
    const { name, config } = JSON.parse(readFileSync(join(RECIPES, file), 'utf8'));
    lab.start(short(config));
    while (!(await lab.advance(1000, 0)).finished);
    digests[name] = lab.record().digest;
  }
  if (process.env.UPDATE) writeFileSync(FILE, `${JSON.stringify(digests, null, 2)}\n`);
  assert.ok(existsSync(FILE), 'there is no file of digests; UPDATE=1 writes one');
  assert.deepEqual(digests, JSON.parse(readFileSync(FILE, 'utf8')));
});
