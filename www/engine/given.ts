/** What the visitor has given the page's engine, for engines beside it. */

import type { EngineClient } from './client';

export type Given = Pick<EngineClient, 'own' | 'teachers'>;

export async function give(client: EngineClient, { own, teachers }: Given): Promise<void> {
  for (const [split, pictures] of own) await client.addOwn(split, pictures);
  for (const teacher of teachers.values()) await client.addTeacher(teacher);
}
