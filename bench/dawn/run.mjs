// The benchmark's page without a browser: node run.mjs OPTIONS, which are those of `window.bench.run` as JSON. Says
// lines of JSON: what Distillery's engines agree on, then the results.

import './globals.mjs';
import { distance } from '../../tests/browser/support/compare.mjs';
import * as configs from '../../tests/browser/support/configs.mjs';

const DIGITS = 50;

async function agreement() {
  await import('../../tests/browser/support/lab.mjs');
  const { labOf, train } = window.bench;
  const gpu = await labOf('webgpu');
  const check = await gpu.selfCheck();
  const found = { info: gpu.info(), selfCheck: check, configs: {} };
  for (const [name, config] of [...Object.entries(configs.CONFIGS), ['LOSSES', configs.LOSSES]]) {
    const [ours, theirs] = [
      await train(gpu, config, DIGITS),
      await train(await labOf('cpu'), config, DIGITS),
    ];
    found.configs[name] = distance(ours, theirs);
  }
  return found;
}

const options = JSON.parse(process.argv[2]);
const say = (kind, what) => console.log(`${kind} ${JSON.stringify(what)}`);
say('agreement', await agreement());
await import('../page.mjs');
say('result', await window.bench.run(options));
process.exit(0);
