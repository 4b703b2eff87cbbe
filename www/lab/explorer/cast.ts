/** The models of the page with their roles. */

import type { PageStore, Role } from '../../state/page-store';

export interface Actor {
  readonly name: string;
  readonly role: Role;
}

/** Stand in until the recipe is known, so that the panels have their shape from the first moment. */
const USUAL: readonly Actor[] = [
  { name: 'teacher', role: 'teacher' },
  { name: 'student', role: 'student' },
  { name: 'control', role: 'control' },
];

/** The config's models in its order. */
export function castOf(store: Pick<PageStore, 'modelNames' | 'roleOf'>): readonly Actor[] {
  if (store.modelNames.length === 0) return USUAL;
  return store.modelNames.map((name) => ({ name, role: store.roleOf(name) }));
}

/** The first model in a role, null if there is none. */
export function firstWith(role: Role, cast: readonly Actor[]): string | null {
  return cast.find((actor) => actor.role === role)?.name ?? null;
}
