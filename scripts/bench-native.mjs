// Sets the command line's engine beside jax and numpy: node scripts/bench-native.mjs STEPS, or `make bench-native`; STEPS
// is the example `steps`. Options are environment variables (bench/native/options.mjs). Writes bench/results/ and
// docs/performance.md.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { optionsOf } from '../bench/native/options.mjs';
import { mismatches, msPerStep, rows } from '../bench/native/report.mjs';
import { netOf } from '../bench/networks.mjs';
import { distance } from '../bench/numbers.mjs';
import { optionsOrEnd } from '../bench/options.mjs';
import { writeTable } from './table.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const STEPS = resolve(process.argv[2] ?? 'target/release/examples/steps');
const PEERS = ['jax', 'numpy'];
const ENGINES = ['distillery', ...PEERS];
const CHECK_STEPS = 5;
/** Relative; room for another order of sums and for Adam's quotients. */
const TOLERANCE = 1e-3;
const SEGMENT_MS = 400;

/** A process that takes steps: `hello` is what it says first, `take` has it take some. */
async function started(command, args) {
  const process = spawn(command, args, { cwd: ROOT, stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  process.stderr.on('data', (text) => {
    complaint += text;
  });
  // What it says of a pipe that has gone is said by its end already.
  process.stdin.on('error', () => {});
  const lines = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(complaint.trim().split('\n').at(-1) || `${command} ended`);
    return JSON.parse(value);
  };
  const take = (steps) => {
    process.stdin.write(`${steps}\n`);
    return answer();
  };
  return { hello: await answer(), take, end: () => process.stdin.end() };
}

const startedFor = (engine, net, folder) =>
  engine === 'distillery'
    ? started(STEPS, [JSON.stringify(net), String(options.BATCH), folder])
    : started('scripts/bench-python', ['bench/native/engines.py', engine, folder]);

/** The losses of the first steps, one by one. */
async function firstLosses(process) {
  const losses = [];
  for (let step = 0; step < CHECK_STEPS; step += 1) losses.push((await process.take(1)).loss);
  return losses;
}

/** One network with every engine: checked, then timed in turn. */
async function measured(word) {
  const { name, net } = netOf(word);
  const folder = mkdtempSync(join(os.tmpdir(), 'distillery-native-'));
  const [processes, results] = [{}, {}];
  let expected;
  try {
    for (const engine of ENGINES) {
      try {
        processes[engine] = await startedFor(engine, net, folder);
        const losses = await firstLosses(processes[engine]);
        expected ??= losses;
        results[engine] = { losses, apart: distance(losses, expected) };
      } catch (error) {
        if (engine === 'distillery') throw error;
        results[engine] = { failure: error.message };
      }
    }
    const timed = ENGINES.filter((engine) => results[engine].apart <= TOLERANCE);
    for (const engine of timed) {
      // Whatever is compiled or fetched the first times is not timed.
      await processes[engine].take(CHECK_STEPS);
      const { ms } = await processes[engine].take(CHECK_STEPS);
      const steps = Math.max(1, Math.round((SEGMENT_MS * CHECK_STEPS) / ms));
      Object.assign(results[engine], { steps, segments: [] });
    }
    for (let repeat = 0; repeat < options.REPEATS; repeat += 1) {
      for (const engine of repeat % 2 === 0 ? timed : timed.toReversed()) {
        const { steps, segments } = results[engine];
        segments.push((await processes[engine].take(steps)).ms / steps);
      }
    }
  } finally {
    for (const { end } of Object.values(processes)) end();
    rmSync(folder, { recursive: true });
  }
  const { multiplyAdds, parameters } = processes.distillery.hello;
  for (const [engine, { hello }] of Object.entries(processes)) versions[engine] = hello.version;
  const said = ENGINES.map((engine) => `${engine} ${msPerStep(results[engine])?.toFixed(2) ?? '–'}`);
  console.log(`${name}: ${said.join(', ')} ms`);
  // Forward once, backward twice, a multiplication and an addition each.
  return { name, net, parameters, flopsPerStep: 6 * multiplyAdds * options.BATCH, results };
}

const options = optionsOrEnd(optionsOf);
const versions = {};
const nets = [];
for (const word of options.NETS) nets.push(await measured(word));

const date = new Date().toISOString().slice(0, 10);
const file = `bench/results/native-${date}.json`;
const machine = { cpu: os.cpus()[0]?.model.trim() ?? os.arch(), cores: os.cpus().length };
const run = { date, file, machine, versions, options, engines: ENGINES, tolerance: TOLERANCE, nets };
const apart = Math.max(
  ...nets.flatMap((net) => Object.values(net.results).map((result) => result.apart ?? 0)),
);
const told = ['NETS', 'BATCH', 'REPEATS'].filter((name) => `${options[name]}` !== `${optionsOf({})[name]}`);
const command = ['make bench-native', ...told.map((name) => `${name}="${[options[name]].flat().join(' ')}"`)];
const how = [
  `${Object.values(versions).join(', ')}. Batch ${options.BATCH}, medians of ${options.REPEATS} segments of ${SEGMENT_MS / 1000} s in turn, all cores each.`,
  `Losses of the first ${CHECK_STEPS} steps differ by at most ${apart.toExponential(1)} (relative; allowed ${TOLERANCE}). Raw figures: \`${file}\`.`,
];
if (options.DOC === 'yes') {
  mkdirSync(join(ROOT, 'bench/results'), { recursive: true });
  writeFileSync(join(ROOT, file), `${JSON.stringify(run, null, 1)}\n`);
  writeTable('native', { command: command.join(' '), how: how.join('\n'), rows: rows(run) });
} else {
  console.log([...how, ...rows(run)].join('\n'));
}
for (const mismatch of mismatches(run)) {
  console.error(mismatch);
  process.exitCode = 1;
}
