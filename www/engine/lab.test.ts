import { expectTypeOf, test } from 'vitest';
import type { Lab as GpuLab } from '../../pkg/webgpu/distillery';
import type { Lab } from './lab';
import type { WorkerApi } from './messages';

type IsAny<T> = 0 extends 1 & T ? true : T extends readonly (infer Item)[] ? IsAny<Item> : false;
type Anything = ReturnType<typeof JSON.parse>;
type Calls<Of> = Pick<Of, keyof Of & string>;

/** Calls that take or answer anything: a type that the `.d.ts` cannot find is that, and nothing else complains of it. */
type Vague<Of> = {
  [Name in keyof Of]: Of[Name] extends (...given: infer Given) => infer Answer
    ? true extends { [At in keyof Given]: IsAny<Given[At]> }[number] | IsAny<Awaited<Answer>>
      ? Name
      : never
    : never;
}[keyof Of];

// The compiler decides these: svelte-check reads them with the rest of the page.
test('every call of the lab says what it takes and what it answers', () => {
  expectTypeOf<Vague<Calls<Lab>>>().toEqualTypeOf<never>();
  expectTypeOf<Vague<{ call(given: Anything): number; answer(): Promise<Anything[]> }>>().toEqualTypeOf<
    'call' | 'answer'
  >();
});

test('both packages have the same calls', () => {
  expectTypeOf<Calls<GpuLab>>().toEqualTypeOf<Calls<Lab>>();
});

test('the page has the lab’s calls as promises, and none that would bring the worker’s books out of order', () => {
  expectTypeOf<WorkerApi['validate']>().toEqualTypeOf<
    (...given: Parameters<Lab['validate']>) => Promise<ReturnType<Lab['validate']>>
  >();
  expectTypeOf<WorkerApi['record']>().returns.resolves.toEqualTypeOf<ReturnType<Lab['record']>>();
  expectTypeOf<Extract<keyof WorkerApi, 'free' | 'addSheet' | 'digit'>>().toEqualTypeOf<never>();
});
