/** The worker that owns the engine. It only wraps: every call goes to the lab, one after another. */

import { expose, transfer } from 'comlink';
import { failure, toFailure } from './failure';
import { fetchCounted, unpacked } from './fetching';
import type { Config, Problem, SelfCheck } from './generated/types';
import { createLab, type Lab } from './lab';
import type { EngineName, Failure, Notice, Opened, WorkerApi } from './messages';
import { preflightWebGpu } from './preflight';
import { CallQueue } from './queue';
import { countShaders } from './shaders';
import { simdPeak } from './simd-peak';
import { Supply } from './supply';
import { Training } from './training';

const PIXELS = 28 * 28;

const queue = new CallQueue();
const training = new Training();
/** The first digits, under way since the engine was asked for; the first who asks for them gets this attempt. */
let early: Promise<void> | null = null;
let opened: { engine: EngineName; lab: Lab; memory: WebAssembly.Memory; supply: Supply } | null = null;

function current(): NonNullable<typeof opened> {
  if (!opened) throw failure('unexpected', 'the engine is not open');
  return opened;
}

/** Runs a call on the lab when its turn comes; whatever it throws leaves as a `Failure`. */
function onLab<T>(call: (lab: Lab) => T | Promise<T>): Promise<T> {
  return queue.run(async () => {
    try {
      return await call(current().lab);
    } catch (thrown) {
      throw toFailure(thrown);
    }
  });
}

/** Hands typed arrays over without a copy. */
async function moved<T extends Float32Array | Uint8Array>(result: Promise<T>): Promise<T> {
  const array = await result;
  return transfer(array, [array.buffer]);
}

async function open(engine: EngineName, base: string, notify: (notice: Notice) => void): Promise<Opened> {
  if (engine === 'webgpu') {
    await preflightWebGpu();
    countShaders((compiled) => notify({ type: 'shaders', compiled }));
  }
  const fetchWasm = (url: URL): Promise<Response> =>
    fetchCounted(url, 'application/wasm', (loadedBytes, totalBytes) =>
      notify({ type: 'progress', part: 'engine', loadedBytes, totalBytes }),
    );
  const making = createLab(engine, fetchWasm).catch((thrown: unknown) => {
    throw { ...toFailure(thrown), code: 'failed_to_load' };
  });
  const makingLab = making.then(({ lab }) => lab);
  // Whoever awaits the engine below hears of a failure; this one may have nobody waiting.
  makingLab.catch(() => undefined);
  const supply = new Supply(makingLab, queue, new URL(base), notify, () => training.quiet());
  // The CPU engine is wanted at once, so its digits come along with it; whoever asks for them hears of a failure.
  if (engine === 'cpu') {
    early = supply.loadFirst();
    early.catch(() => undefined);
  }
  const { lab, memory } = await making;
  const selfCheck = engine === 'webgpu' ? await checked(lab) : null;
  opened = { engine, lab, memory, supply };
  return { environment: lab.info(), selfCheck };
}

async function checked(lab: Lab): Promise<SelfCheck> {
  const result = await lab.selfCheck().catch((thrown: unknown) => {
    throw { ...toFailure(thrown), code: 'failed_check' };
  });
  if (!result.passed) {
    throw failure('failed_check', JSON.stringify(result.differences));
  }
  return result;
}

/** A config that cannot even be read, as the problem it is: the message names the field and the reason. */
function unreadable(reason: Failure): Problem {
  const [, path, allowed] = /at `([^`]*)`: (.*)$/s.exec(reason.message) ?? [];
  if (reason.code !== 'parse_failed' || path === undefined) throw reason;
  return { path, value: '', allowed: allowed ?? reason.message };
}

/** Makes a session of a config; fetches what it alone needs. */
async function withDigits(config: Config, call: (lab: Lab) => number): Promise<number> {
  await current().supply.loadFor(config);
  return awaitingDigits(call);
}

/** The same, once a GPU has compiled all that the config needs: it trains without a stop then. */
async function rehearsed(config: Config, call: (lab: Lab) => number): Promise<number> {
  if (current().engine === 'webgpu') {
    await current().supply.loadFor(config);
    await awaitingDigits((lab) => lab.rehearse(config));
  }
  return withDigits(config, call);
}

/** Runs a call on the lab; one that lacks digits that are on their way is made again when they have come. */
async function awaitingDigits<T>(call: (lab: Lab) => T | Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await onLab(call);
    } catch (thrown) {
      const waits = toFailure(thrown).code === 'digits_missing';
      if (!waits || !(await current().supply.nextSheet())) throw thrown;
    }
  }
}

const api: WorkerApi = {
  // Held until the worker ends, however it ends: the page waits for this lock to learn of its death.
  hold: (lock) =>
    new Promise((resolve) => {
      void navigator.locks.request(lock, () => {
        resolve();
        return new Promise(() => undefined);
      });
    }),
  open,
  loadFirst: () => {
    const loading = early ?? current().supply.loadFirst();
    early = null;
    return loading;
  },
  loadShown: () => current().supply.loadShown(),
  loadRest: () => current().supply.loadRest(),
  recipes: () => onLab((lab) => lab.recipes()),
  validate: (config) =>
    onLab((lab) => lab.validate(config)).catch((thrown: unknown) => [unreadable(toFailure(thrown))]),
  complete: (config) => onLab((lab) => lab.complete(config)),
  addOwn: async (split, { images, labels, readings }) => {
    const set = split === 'own' ? 'own' : 'own test';
    const [plainImages, plainLabels] = await Promise.all([
      unpacked(`${set} images`, images),
      unpacked(`${set} labels`, labels),
    ]);
    return onLab((lab) => lab.addOwn(split, plainImages, plainLabels, readings));
  },
  removeOwn: (split) => onLab((lab) => lab.removeOwn(split)),
  lookAtOwn: (split) => onLab((lab) => lab.lookAtOwn(split)),
  cells: (grid) => onLab((lab) => lab.cells(grid)),
  questions: async (configs) => {
    for (const config of configs) await current().supply.loadFor(config);
    return onLab((lab) => lab.questions(configs));
  },
  answer: ({ model, split, indices }) =>
    moved(awaitingDigits((lab) => lab.logits(model, split, Uint32Array.from(indices)))),
  keepAnswer: ({ model, split, indices }, logits) =>
    onLab((lab) => lab.keepLogits(model, split, Uint32Array.from(indices), logits)),
  start: (config) => rehearsed(config, (lab) => lab.start(config)),
  advance: (budgetMs, maxSteps) => training.during(awaitingDigits((lab) => lab.advance(budgetMs, maxSteps))),
  fetched: async () => performance.getEntriesByType('resource').map(({ name }) => name),
  memory: async () => current().memory.buffer.byteLength,
  simdPeak: () => queue.run(simdPeak),
  timeSteps: (config) => onLab((lab) => lab.timeSteps(config)),
  snapshot: () => moved(onLab((lab) => lab.snapshot())),
  resume: (config, snapshot) => rehearsed(config, (lab) => lab.resume(config, snapshot)),
  stop: () => onLab((lab) => lab.stop()),
  record: () => onLab((lab) => lab.record()),
  digits: (split, indices) =>
    onLab((lab) =>
      indices.map((index) => {
        const bytes = lab.digit(split, index);
        return { pixels: bytes.subarray(0, PIXELS), label: bytes[PIXELS] ?? 0 };
      }),
    ),
  logits: (model, split, indices) =>
    moved(onLab((lab) => lab.logits(model, split, Uint32Array.from(indices)))),
  logitsOfPixels: (model, pixels) => moved(onLab((lab) => lab.logitsOfPixels(model, pixels))),
  centre: (ink, width, height) => onLab((lab) => lab.centre(ink, width, height) ?? null),
  weights: (model) => moved(onLab((lab) => lab.weights(model))),
};

// A panic inside an async call leaves its promise pending for ever and shows up here or as an
// uncaught error only; reported, it reaches the page as the worker's `error` event.
addEventListener('unhandledrejection', (event) => reportError(event.reason));

expose(api);
