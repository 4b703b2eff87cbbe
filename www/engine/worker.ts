/** The worker that owns the engine. It only wraps: every call goes to the lab, one after another. */

import { expose, transfer } from 'comlink';
import { failure, toFailure } from './failure';
import { fetchCounted, hearFetched, unpacked } from './fetching';
import type { Advance, Config, Data, SelfCheck, Split } from './generated/types';
import { watchGpu } from './gpu-loss';
import { createLab, type Lab, type OwnSplit } from './lab';
import { Lifeline } from './lifeline';
import type { Beyond, EngineName, LabCalls, Notice, Opened, WorkerApi } from './messages';
import { passingThrough } from './pass-through';
import { preflightWebAssembly, preflightWebGpu } from './preflight';
import { CallQueue } from './queue';
import { countShaders } from './shaders';
import { simdPeak } from './simd-peak';
import { Supply } from './supply';
import { Training } from './training';

const PIXELS = 28 * 28;
/** Splits that no sheet brings. */
const OWN: ReadonlySet<unknown> = new Set<OwnSplit>(['own', 'own_test']);
/** How long `advance` waits for digits before it lets the page ask again: Pause and Stop act meanwhile. */
const DIGITS_WAIT_MS = 250;

/** Cut when the GPU is lost: what waits for the lab then would wait for ever. */
const life = new Lifeline();
const queue = new CallQueue();
const training = new Training();
/** The first digits, under way since the engine was asked for; the first who asks for them gets this attempt. */
let early: Promise<void> | null = null;
/** Kept, since a helper that nothing holds may be collected. */
let heart: Worker | null = null;
/** Rises whenever a session is asked for or dropped. */
let sessions = 0;
/** The data set of the session asked for last. */
let dataSet: Data['set'] | undefined;
let opened: { engine: EngineName; lab: Lab; memory: WebAssembly.Memory; supply: Supply } | null = null;

function current(): NonNullable<typeof opened> {
  if (!opened) throw failure('unexpected', 'the engine is not open');
  return opened;
}

/** Runs a call on the lab when its turn comes; whatever it throws leaves as a `Failure`, an array without a copy. */
function onLab<T>(call: (lab: Lab) => T | Promise<T>): Promise<T> {
  return life.during(() =>
    queue.run(async () => {
      try {
        return moved(await call(current().lab));
      } catch (thrown) {
        throw toFailure(thrown);
      }
    }),
  );
}

/**
 * Ties calls to the session of now: one that comes to its turn when another has been asked for since, or none is wanted any
 * more, rejects. Calls wait for digits outside the queue, and would otherwise train or replace somebody else's session.
 */
function ofThisSession<T>(call: (lab: Lab) => T): (lab: Lab) => T {
  const mine = sessions;
  return (lab) => {
    if (mine !== sessions) throw failure('run_stopped', 'another session has been asked for, or none');
    return call(lab);
  };
}

/** Has a typed array handed over without a copy. */
function moved<T>(answer: T): T {
  return ArrayBuffer.isView(answer) ? transfer(answer, [answer.buffer as ArrayBuffer]) : answer;
}

async function open(
  engine: EngineName,
  base: string,
  recipes: readonly string[],
  notify: (notice: Notice) => void,
): Promise<Opened> {
  hearFetched((address) => notify({ type: 'fetched', address }));
  preflightWebAssembly();
  if (engine === 'webgpu') {
    await preflightWebGpu();
    watchGpu((message) => life.cut(failure('gpu_lost', message)));
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
  const supply = new Supply(makingLab, queue, new URL(base), recipes, notify, () => training.quiet());
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

/** Makes a session in place of the one before; fetches what it alone needs. A GPU compiles all of it beforehand. */
async function newSession(config: Config, make: (lab: Lab) => number): Promise<number> {
  sessions += 1;
  dataSet = config.data?.set;
  const rehearse = ofThisSession((lab) => lab.rehearse(config));
  const begin = ofThisSession(make);
  await current().supply.loadFor(config);
  if (current().engine === 'webgpu') await awaitingDigits(rehearse);
  return awaitingDigits(begin);
}

/** Trains on; null where digits it needs are on their way and have not come within a moment. */
async function advance(budgetMs: number, maxSteps: number): Promise<Advance | null> {
  const train = ofThisSession((lab) => lab.advance(budgetMs, maxSteps));
  try {
    return await onLab(train);
  } catch (thrown) {
    if (!isOnItsWay(thrown)) throw thrown;
    const moment = new Promise<true>((resolve) => setTimeout(() => resolve(true), DIGITS_WAIT_MS));
    if (!(await Promise.race([current().supply.nextSheet(), moment]))) throw thrown;
    return null;
  }
}

/** Whether what failed lacks digits that a sheet may bring: pictures of the visitor's own are on none. */
function isOnItsWay(thrown: unknown): boolean {
  const reason = toFailure(thrown);
  return reason.code === 'digits_missing' && !('split' in reason && OWN.has(reason.split));
}

/** Runs a call on the lab; one that lacks digits that are on their way is made again when they have come. */
async function awaitingDigits<T>(call: (lab: Lab) => T | Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await onLab(call);
    } catch (thrown) {
      if (!isOnItsWay(thrown) || !(await current().supply.nextSheet())) throw thrown;
    }
  }
}

/** Calls about the session of the time they are asked at. */
const OF_SESSION: ReadonlySet<keyof LabCalls> = new Set<keyof LabCalls>([
  'compressed',
  'openTest',
  'record',
  'snapshot',
]);

/** The model and the digits that a call asks about. */
async function loadAsked(model: string, split: Split, indices: Parameters<Lab['logits']>[2]): Promise<void> {
  const { supply } = current();
  await Promise.all([supply.loadTeacher(model), supply.loadDigits(split, indices)]);
}

/** What is fetched before a call, as far as nobody has asked for it yet. */
const FETCHED: { [Name in keyof LabCalls]?: (...given: Parameters<LabCalls[Name]>) => Promise<void> } = {
  logits: loadAsked,
  logitsOfDistorted: loadAsked,
  examples: (config) => current().supply.loadFor(config),
  distorted: (split, indices) => current().supply.loadDigits(split, indices),
  logitsOfPixels: (model) => current().supply.loadTeacher(model),
  weights: (model) => current().supply.loadTeacher(model),
  teachers: () => current().supply.loadCards(),
  openTest: () => current().supply.loadTest(dataSet),
  questions: async (configs) => {
    for (const config of configs) await current().supply.loadFor(config);
  },
};

/** Passes a call on to the lab. */
async function pass(name: keyof LabCalls, given: unknown[]): Promise<unknown> {
  const call = (lab: Lab): unknown => Reflect.apply(lab[name], lab, given);
  const asked = OF_SESSION.has(name) ? ofThisSession(call) : call;
  const fetched: ((...given: never[]) => Promise<void>) | undefined = FETCHED[name];
  if (fetched) await Reflect.apply(fetched, null, given);
  return awaitingDigits(asked);
}

const calls: Beyond & Pick<LabCalls, 'start' | 'resume' | 'stop' | 'removeOwn'> = {
  // Held until the worker ends, however it ends: the page waits for this lock to learn of its death.
  hold: (lock) =>
    new Promise((resolve, reject) => {
      const held = navigator.locks.request(lock, () => {
        resolve();
        return new Promise(() => undefined);
      });
      // A browser that blocks third-party storage refuses locks by a rejection.
      held.catch((thrown: unknown) => reject(toFailure(thrown)));
    }),
  beat: async (port) => {
    heart = new Worker(new URL('./heart.ts', import.meta.url), { type: 'module', name: 'heart' });
    // A helper that could not be loaded costs only itself.
    heart.addEventListener('error', (event) => event.preventDefault());
    heart.postMessage(null, [port]);
  },
  open: (...given) => life.during(() => open(...given)),
  loadFirst: () => {
    const loading = early ?? current().supply.loadFirst();
    early = null;
    return loading;
  },
  loadShown: () => current().supply.loadShown(),
  loadRest: () => current().supply.loadRest(),
  addOwn: async (split, { images, labels, readings }) => {
    const set = split === 'own' ? 'own' : 'own test';
    const [plainImages, plainLabels] = await Promise.all([
      unpacked(`${set} images`, images),
      unpacked(`${set} labels`, labels),
    ]);
    return onLab((lab) => {
      sessions += 1;
      return lab.addOwn(split, plainImages, plainLabels, readings);
    });
  },
  removeOwn: (split) =>
    onLab((lab) => {
      sessions += 1;
      return lab.removeOwn(split);
    }),
  addOwnTeacher: (teacher) => current().supply.addOwnTeacher(teacher),
  start: (config) => newSession(config, (lab) => lab.start(config)),
  resume: (config, snapshot) => newSession(config, (lab) => lab.resume(config, snapshot)),
  advance: (budgetMs, maxSteps) => training.during(advance(budgetMs, maxSteps)),
  // One that is being made is dropped as well.
  stop: () => {
    sessions += 1;
    return onLab((lab) => lab.stop());
  },
  memory: async () => current().memory.buffer.byteLength,
  simdPeak: () => queue.run(simdPeak),
  digits: async (split, indices) => {
    await current().supply.loadDigits(split, indices);
    return awaitingDigits((lab) =>
      indices.map((index) => {
        const bytes = lab.digit(split, index);
        return { pixels: bytes.subarray(0, PIXELS), label: bytes[PIXELS] ?? 0 };
      }),
    );
  },
};

const api: WorkerApi = passingThrough<LabCalls, typeof calls>(calls, pass);

// A panic inside an async call leaves its promise pending for ever and shows up here or as an
// uncaught error only; reported, it reaches the page as the worker's `error` event.
addEventListener('unhandledrejection', (event) => reportError(event.reason));

expose(api);
