import { expect, test } from 'vitest';
import type { Environment } from '../engine/generated/types';
import type { EngineName } from '../engine/messages';
import { type EngineEvent, type EngineStatus, nextEngineStatus, refusal } from './engine-machine';

const opened = (engine: EngineName): EngineEvent => ({
  type: 'opened',
  inUse: { engine, environment: {} as Environment },
});
const [first, second] = [new AbortController().signal, new AbortController().signal];
const after = (...events: EngineEvent[]): EngineStatus =>
  events.reduce<EngineStatus>(nextEngineStatus, { kind: 'closed' });

test('the engine in use stays in use until a change has succeeded', () => {
  const changing = after(opened('cpu'), { type: 'change', turn: first });
  expect(changing).toMatchObject({ kind: 'changing', inUse: { engine: 'cpu' } });
  expect(nextEngineStatus(changing, { type: 'settled', turn: first })).toMatchObject({
    kind: 'open',
    inUse: { engine: 'cpu' },
  });
});

test('a change that another has taken the place of ends nothing', () => {
  const status = after(opened('cpu'), { type: 'change', turn: first }, { type: 'change', turn: second });
  expect(nextEngineStatus(status, { type: 'settled', turn: first })).toBe(status);
  expect(nextEngineStatus(status, { type: 'settled', turn: second }).kind).toBe('open');
});

test('an engine that is lost during a change is lost after it, unless another has opened', () => {
  const lost = [opened('cpu'), { type: 'change', turn: first }, { type: 'lost' }] as const;
  expect(after(...lost, { type: 'settled', turn: first }).kind).toBe('lost');
  expect(after(...lost, opened('webgpu'), { type: 'settled', turn: first })).toMatchObject({
    kind: 'open',
    inUse: { engine: 'webgpu' },
  });
});

test('what is no reason of its own is one that the package could not be loaded', () => {
  expect(refusal({ code: 'gpu_lost', message: 'x', problems: [] })).toMatchObject({ reason: 'gpu_lost' });
  expect(refusal({ code: 'worker_died', message: 'x', problems: [] })).toMatchObject({
    reason: 'failed_to_load',
    detail: 'x',
  });
});
