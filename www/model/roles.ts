/** What each model of a config is to the others. */

import type { Config, Model, Net, Task } from '../engine/generated/types';

/** What a model is in the race; each role has one colour everywhere, see theme.css. */
export type Role = 'teacher' | 'student' | 'control';

export interface ModelRole {
  readonly name: string;
  readonly role: Role;
}

import { own } from './own';

/** Names of a model's teachers, in the config's order. */
export function teachersOf(model: Model | undefined): string[] {
  return (model?.learns_from ?? []).map((source) => source.model);
}

/**
 * A model that is taught is a student, even if it goes on to teach; one that nobody teaches is a
 * teacher if it has a student, and a control otherwise.
 */
export function roleOf(config: Config | null, name: string): Role {
  const models = config?.models ?? {};
  const init = own(models, name)?.init;
  // What a transform leaves of a student is measured as that student.
  const learner = init && 'derive' in init && init.derive.frozen ? init.derive.from : name;
  if (teachersOf(own(models, learner)).length > 0) return 'student';
  return teaches(config, name) ? 'teacher' : 'control';
}

/** What a model tells of a digit, in the config's order; errors are those of the first. */
export function tasksOf(model: Model | undefined): Task[] {
  return (model?.tasks ?? [{ task: 'digit' }]).map(({ task }) => task);
}

/** Stand in until the recipe is known, so that the panels have their shape from the first moment. */
const USUAL: readonly ModelRole[] = (['teacher', 'student', 'control'] as const).map((role) => ({
  name: role,
  role,
}));

/** Names of the models that tell the ten digits, in the config's order. */
export function digitModels(config: Config | null): string[] {
  const models = Object.entries(config?.models ?? {});
  return models.filter(([, model]) => tasksOf(model).includes('digit')).map(([name]) => name);
}

/** The same with their roles. */
export function rolesOf(config: Config | null): readonly ModelRole[] {
  const names = digitModels(config);
  return names.length === 0 ? USUAL : names.map((name) => ({ name, role: roleOf(config, name) }));
}

/** A model's role among these. */
export function roleIn(roles: readonly ModelRole[], name: string): Role {
  return roles.find((model) => model.name === name)?.role ?? 'control';
}

/** The first model in a role, null if there is none. */
export function firstWith(role: Role, roles: readonly ModelRole[]): string | null {
  return roles.find((model) => model.role === role)?.name ?? null;
}

/** Whether any model learns from it. */
export function teaches(config: Config | null, name: string): boolean {
  return Object.values(config?.models ?? {}).some((model) => teachersOf(model).includes(name));
}

/** The model whose trained weights its own first weights are made of, or null. */
export function derivedFrom(model: Model | undefined): string | null {
  const init = model?.init;
  return init && 'derive' in init ? init.derive.from : null;
}

/** Models whose trained weights decide which of its own are kept. */
export function rankedBy(model: Model | undefined): string[] {
  return (model?.compress ?? []).flatMap((way) => {
    const by = 'prune' in way ? way.prune.by : undefined;
    return typeof by === 'object' ? [by.magnitude_of] : [];
  });
}

/** Models that have to be trained before it begins, each once. */
export function neededBy(model: Model | undefined): string[] {
  const source = derivedFrom(model);
  const started = source === null ? [] : [source];
  const replaced = model?.replaces ? [model.replaces.model] : [];
  return [...new Set([...teachersOf(model), ...started, ...rankedBy(model), ...replaced])];
}

/** The shipped checkpoint a model starts and stays as, or null. */
export function checkpointOf(config: Config | null, name: string): string | null {
  const init = own(config?.models, name)?.init;
  return init && 'pretrained' in init ? init.pretrained : null;
}

/** The model whose settings the controls change: the first that learns from another, else the first trained one. */
export function mainStudent(config: Config): string | null {
  const names = Object.keys(config.models);
  const taught = names.find((name) => teachersOf(own(config.models, name)).length > 0);
  return taught ?? names.find((name) => checkpointOf(config, name) === null) ?? null;
}

/** A model's network, `same_as` followed to its end; null if that leads nowhere. */
export function netOf(config: Config, name: string): Net | null {
  const seen = new Set<string>();
  let current: string | undefined = name;
  while (current !== undefined && !seen.has(current)) {
    seen.add(current);
    const net: Model['net'] | undefined = own(config.models, current)?.net;
    if (!net) return null;
    if (!('same_as' in net)) return net as Net;
    current = (net as { same_as: string }).same_as;
  }
  return null;
}
