// Runs in the page: every engine does the same steps, is checked, and is timed in turn. `window.bench` is what
// scripts/bench.mjs calls.

import { simdPeak } from '../www/engine/simd-peak.ts';
import { ENGINES, OURS } from './engines/index.mjs';
import { takeCounts, watchGpu } from './gpu-counts.mjs';
import { labOf } from './lab.mjs';
import { distance, median } from './numbers.mjs';
import { makeWork } from './work.mjs';

watchGpu();

/** Steps before the clock starts, for compilers that wait until code is hot. */
const WARM_UP_STEPS = 3;
/** A step that takes so long has warmed up within itself. */
const SLOW_STEP_MS = 500;
const MOST_STEPS = 1000;

function say(text) {
  document.querySelector('#log').textContent += `${text}\n`;
  console.log(`bench: ${text}`);
}

/** Loads the wanted engines; those that cannot run here are left out with their reason. */
async function prepared(backend, names) {
  const ready = new Map();
  const missing = {};
  for (const name of names) {
    try {
      const engine = await ENGINES[name]();
      await engine.prepare(backend);
      ready.set(name, engine);
    } catch (error) {
      missing[name] = reason(error);
    }
  }
  return { ready, missing };
}

const reason = (error) => String(error?.message ?? error).split('\n')[0];

/** The losses of an engine's first steps, and how far they are from what they should be. */
async function checked(engine, work, tolerance) {
  const run = await engine.create({ ...work, isCheck: true });
  const losses = [];
  while (losses.length < work.losses.length) {
    await run.steps(1);
    losses.push(run.loss());
  }
  run.dispose();
  const apart = distance(losses, work.losses);
  // Written so that a NaN fails.
  return { losses, apart, agrees: apart <= tolerance };
}

async function timed(run, count) {
  takeCounts();
  const start = performance.now();
  const steps = await run.steps(count);
  const ms = performance.now() - start;
  return { ms, steps, msPerStep: ms / steps, counts: takeCounts() };
}

/** Has every engine take steps in turn; who begins changes from repeat to repeat. */
async function interleaved(runs, { repeats, segmentMs, leastSteps }) {
  const plans = new Map();
  for (const [name, run] of runs) {
    await run.steps(1);
    let { msPerStep } = await timed(run, 1);
    if (msPerStep < SLOW_STEP_MS) {
      await run.steps(WARM_UP_STEPS);
      ({ msPerStep } = await timed(run, leastSteps));
    }
    const count = Math.min(MOST_STEPS, Math.max(leastSteps, Math.round(segmentMs / msPerStep)));
    plans.set(name, { run, count, segments: [] });
  }
  const order = [...plans.values()];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (const plan of order) plan.segments.push(await timed(plan.run, plan.count));
    order.push(order.shift());
  }
  return plans;
}

const KINDS_OF_COUNT = ['dispatches', 'submits', 'uploaded', 'readBack', 'buffers', 'shaders', 'pipelines'];

function perStep(segments) {
  const steps = segments.reduce((sum, segment) => sum + segment.steps, 0);
  const of = (kind) => segments.reduce((sum, { counts }) => sum + counts[kind], 0) / steps;
  return Object.fromEntries(KINDS_OF_COUNT.map((kind) => [kind, of(kind)]));
}

async function oneNet(network, engines, options) {
  const { name } = network;
  const work = await makeWork(network, options.batch, options.checkSteps);
  const results = {};
  const runs = new Map();
  for (const [engineName, engine] of engines) {
    say(`${options.backend}, ${name}: checking ${engineName}`);
    try {
      const check = await checked(engine, work, options.tolerance);
      results[engineName] = { check };
      if (!check.agrees) continue;
      runs.set(engineName, await engine.create({ ...work, isCheck: false, isEmulated: options.isEmulated }));
    } catch (error) {
      results[engineName] = { ...results[engineName], failure: reason(error) };
    }
  }
  say(`${options.backend}, ${name}: timing ${[...runs.keys()].join(', ') || 'nobody'}`);
  for (const [engineName, { segments }] of await interleaved(runs, options)) {
    const msPerStep = median(segments.map((segment) => segment.msPerStep));
    Object.assign(results[engineName], {
      msPerStep,
      gflops: work.flopsPerStep / msPerStep / 1e6,
      segments: segments.map(({ ms, steps }) => ({ ms, steps })),
      counts: options.backend === 'webgpu' ? perStep(segments) : null,
    });
  }
  for (const run of runs.values()) run.dispose();
  return {
    name,
    parameters: work.parameters,
    flopsPerStep: work.flopsPerStep,
    reference: work.losses,
    results,
  };
}

/** The adapter that a page gets, in words. */
async function adapterName() {
  const info = (await navigator.gpu?.requestAdapter())?.info;
  if (!info) return null;
  return [info.vendor, info.architecture, info.device, info.description].filter(Boolean).join(' ');
}

async function run(options) {
  const adapter = options.backend === 'webgpu' ? await adapterName() : null;
  if (options.backend === 'webgpu' && !adapter) throw new Error('this browser has no WebGPU adapter');
  const { crate_version: version } = (await labOf('cpu')).info();
  const peakBefore = simdPeak();
  const { ready, missing } = await prepared(options.backend, options.engines);
  const nets = [];
  for (const net of options.nets) nets.push(await oneNet(net, ready, options));
  return {
    backend: options.backend,
    adapter,
    ours: OURS,
    version,
    isIsolated: globalThis.crossOriginIsolated,
    missing,
    // Measured on both sides of the work: a machine that others use is not the same all the time.
    peaks: [peakBefore, simdPeak()],
    nets,
  };
}

window.bench = { run };
