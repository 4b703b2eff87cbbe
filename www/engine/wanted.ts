/** The one way in which work under way is called off. Everything that awaits the engine for a visitor passes here. */

import { toFailure } from './failure';

/**
 * The result of work for as long as it is wanted: rejects with the signal's reason as soon as it is not, even if the work
 * itself never settles. What the work comes to afterwards is nobody's.
 */
export async function whileWanted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let leave: () => void = () => undefined;
  const calledOff = new Promise<never>((_, reject) => {
    leave = () => reject(toFailure(signal.reason));
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
  try {
    const result = await Promise.race([work, calledOff]);
    // It may have been called off in the very turn in which the work ended.
    if (signal.aborted) throw toFailure(signal.reason);
    return result;
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
