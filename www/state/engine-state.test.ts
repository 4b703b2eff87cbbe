import { describe, expect, test } from 'vitest';
import type { EngineClient, Prepared } from '../engine/client';
import { failure } from '../engine/failure';
import type { Config, Environment } from '../engine/generated/types';
import type { EngineName } from '../engine/messages';
import { EngineState } from './engine-state.svelte';

const CONFIG: Config = {
  version: 1,
  models: { solo: { net: { mlp: { hidden: [30] } } } },
} as unknown as Config;

const environment = (engine: EngineName): Environment => ({ engine, adapter: engine }) as Environment;

/** Two engines that say how long a step takes them; `webgpu` null: it cannot be opened. */
function engines(ms: { cpu: number; webgpu: number | null }) {
  const timed: EngineName[] = [];
  const closed: EngineName[] = [];
  let running: EngineName = 'cpu';
  const api = (engine: EngineName) => ({
    timeSteps: async (): Promise<number> => {
      timed.push(engine);
      return ms[engine] ?? Number.NaN;
    },
  });
  const client = {
    isOpen: true,
    open: async (engine: EngineName) => ({ environment: environment(engine), selfCheck: null }),
    call: <T>(ask: (of: ReturnType<typeof api>) => Promise<T>) => ask(api(running)),
    prepare: async (engine: EngineName): Promise<Prepared> => {
      if (ms[engine] === null) throw failure('no_adapter', 'requestAdapter');
      const connection = {
        call: <T>(ask: (of: ReturnType<typeof api>) => Promise<T>) => ask(api(engine)),
        close: () => closed.push(engine),
      };
      const opened = { environment: environment(engine), selfCheck: null };
      return { connection, opened } as unknown as Prepared;
    },
    adopt: async (engine: EngineName) => {
      running = engine;
    },
  };
  return { state: new EngineState(client as unknown as EngineClient), timed, closed };
}

/** Lets everything that is under way come to rest. */
const rest = () => new Promise((resolve) => setTimeout(resolve, 5));

async function automatic(ms: { cpu: number; webgpu: number | null }) {
  const made = engines(ms);
  await made.state.openCpu();
  await made.state.choose('auto', CONFIG);
  await rest();
  return made;
}

describe('the automatic choice', () => {
  test('takes WebGPU where a step of the recipe is faster on it, and tells both figures', async () => {
    const { state, timed } = await automatic({ cpu: 5, webgpu: 2 });
    expect(timed.toSorted()).toEqual(['cpu', 'webgpu']);
    expect(state.running).toBe('webgpu');
    expect(state.reason).toBeNull();
    expect(state.timing).toEqual({ cpu: 5, webgpu: 2 });
  });
  test('stays on the CPU where that is faster, and says so', async () => {
    const { state } = await automatic({ cpu: 2, webgpu: 5 });
    expect(state.running).toBe('cpu');
    expect(state.reason).toBe('slower_here');
    expect(state.timing).toEqual({ cpu: 2, webgpu: 5 });
  });
  test('times a recipe once, whatever its seed and its epochs', async () => {
    const { state, timed } = await automatic({ cpu: 2, webgpu: 5 });
    await state.settle({ ...CONFIG, seed: 7 });
    expect(timed).toHaveLength(2);
    await state.settle({ ...CONFIG, models: { other: CONFIG.models.solo } } as Config);
    expect(timed).toHaveLength(4);
  });
  test('goes back to the CPU for a recipe that is faster there', async () => {
    const ms = { cpu: 5, webgpu: 2 };
    const { state } = await automatic(ms);
    ms.cpu = 1;
    await state.settle({ ...CONFIG, models: { small: CONFIG.models.solo } } as Config);
    expect(state.running).toBe('cpu');
    expect(state.timing).toEqual({ cpu: 1, webgpu: 2 });
  });
  test('times nothing where WebGPU cannot run, and says why', async () => {
    const { state, timed } = await automatic({ cpu: 5, webgpu: null });
    expect(timed).toEqual([]);
    expect(state.running).toBe('cpu');
    expect(state.reason).toBe('no_adapter');
  });
  test('leaves an engine alone that was chosen by hand', async () => {
    const { state, timed } = engines({ cpu: 5, webgpu: 2 });
    await state.openCpu();
    await state.choose('cpu', CONFIG);
    await state.settle(CONFIG);
    await rest();
    expect(timed).toEqual([]);
    expect(state.reason).toBe('chosen_by_hand');
  });
});
