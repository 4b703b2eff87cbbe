/** What the page has given its engine, and how another engine is given the same. */

import type { Connection } from './connection';
import { endsEngine, toFailure } from './failure';
import type { Failure } from './messages';
import type { OwnPictures, OwnSplit } from './own-pictures';
import type { OwnTeacher } from './own-teacher';
import type { Session } from './session';
import { whileWanted } from './wanted';

/** Never changed in place: another object means that an engine has to be given something anew. */
export interface Belongings {
  readonly own: ReadonlyMap<OwnSplit, OwnPictures>;
  readonly teachers: ReadonlyMap<string, OwnTeacher>;
  readonly session: Session | null;
}

export const NOTHING: Belongings = { own: new Map(), teachers: new Map(), session: null };

/**
 * Gives a new engine what the page needs: the first digits, the teachers, own pictures, the session. What changes meanwhile
 * is given too. `refused` takes the reason when the session cannot go on there, and has to drop it; without it, that is an
 * error like others.
 */
export async function furnish(
  connection: Connection,
  belongings: () => Belongings,
  refused?: (reason: Failure) => void,
): Promise<void> {
  await connection.call((api) => api.loadFirst());
  let given = NOTHING;
  for (let wanted = belongings(); wanted !== given; wanted = belongings()) {
    const { own, teachers, session } = wanted;
    await giveOwn(connection, own, given.own);
    for (const [name, teacher] of teachers) {
      if (given.teachers.get(name) !== teacher) await connection.call((api) => api.addOwnTeacher(teacher));
    }
    if (session) await giveSession(connection, session, refused);
    else if (given.session) await connection.call((api) => api.stop());
    given = wanted;
  }
}

async function giveOwn(
  connection: Connection,
  own: Belongings['own'],
  given: Belongings['own'],
): Promise<void> {
  for (const [split, pictures] of own) {
    if (given.get(split) !== pictures) await connection.call((api) => api.addOwn(split, pictures));
  }
  for (const split of given.keys()) if (!own.has(split)) await connection.call((api) => api.removeOwn(split));
}

async function giveSession(
  connection: Connection,
  session: Session,
  refused?: (reason: Failure) => void,
): Promise<void> {
  // The session may need digits of later sheets; the worker waits for those that are on their way.
  connection.call((api) => api.loadRest()).catch(() => undefined);
  const { config, snapshot, signal } = session;
  try {
    await whileWanted(
      signal,
      connection.call((api) => (snapshot ? api.resume(config, snapshot) : api.start(config))),
    );
  } catch (thrown) {
    // Dropped meanwhile: whoever dropped it gives the next, or none.
    if (signal.aborted) return;
    const reason = toFailure(thrown);
    if (!refused || endsEngine(reason) || reason.code === 'worker_closed') throw reason;
    refused(reason);
  }
}
