/** Calls that are passed on by their names, so that nobody has to write them out one by one. */

type Calls<Api> = { [Name in keyof Api]: (...given: never[]) => unknown };

/** An object that answers the calls it was given as they say, and every other by `pass`. */
export function passingThrough<Passed extends Calls<Passed>, Given extends Calls<Given>>(
  calls: Given,
  pass: (name: keyof Passed, given: unknown[]) => unknown,
): Passed & Given {
  return new Proxy(calls, {
    get: (target, name) =>
      Reflect.get(target, name) ?? ((...given: unknown[]) => pass(name as keyof Passed, given)),
  }) as Passed & Given;
}
