/** Changes of the family tree: models come, go and are renamed, and whoever refers to them follows. */

import type { Config, Model, Net } from '../engine/generated/types';
import { own } from './own';
import { isBranch, type Json } from './paths';
import { mainStudent, netOf, teachersOf } from './roles';

/** A config with a change made, and the model that the visitor then looks at. */
export interface Changed {
  readonly config: Config;
  readonly model: string;
}

/** Fields whose text is the name of a model; a checkpoint's and a layer's are others. */
const REFERENCES = new Set(['same_as', 'model', 'from', 'magnitude_of', 'of']);
const USUAL_NET: Net = { mlp: { hidden: [30, 30], dropout: 0, input_dropout: 0 } };

/** The name, or the first with a number behind it that no model has. */
export function freeName(config: Config, wanted: string): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    if (!Object.hasOwn(config.models, name)) return name;
  }
}

function withModel(config: Config, wanted: string, model: Model): Changed {
  const name = freeName(config, wanted);
  return { config: { ...config, models: { ...config.models, [name]: model } }, model: name };
}

/** The objective of the student whose settings stand in front, or of any model: what a new one is asked as well. */
function usualObjective(config: Config): Model['objective'] {
  const student = mainStudent(config);
  const models = student === null ? Object.values(config.models) : [own(config.models, student)];
  return structuredClone(models[0]?.objective ?? ({} as Model['objective']));
}

/** A model that nobody teaches. */
export function addModel(config: Config): Changed {
  return withModel(config, 'model', { net: structuredClone(USUAL_NET), objective: usualObjective(config) });
}

/** A student of a model, with the network of the student in front. */
export function addStudent(config: Config, teacher: string): Changed {
  const front = mainStudent(config);
  const net = (front !== null && netOf(config, front)) || USUAL_NET;
  return withModel(config, 'student', {
    net: structuredClone(net),
    learns_from: [{ model: teacher, weight: 1 }],
    objective: usualObjective(config),
  });
}

/** Another teacher of a model. */
export function addTeacher(config: Config, student: string): Changed {
  const added = withModel(config, 'teacher', {
    net: structuredClone(USUAL_NET),
    objective: usualObjective(config),
  });
  return { ...added, config: taught(added.config, student, added.model, true) };
}

/** The same network from the same first weights, on the same digits, taught by labels alone. */
export function addControl(config: Config, of: string): Changed {
  const model = own(config.models, of);
  const { transfer_set, training } = model ?? {};
  const { imitates: _, ...objective } = usualObjective(config);
  return withModel(config, 'control', {
    net: { same_as: of },
    init: { same_as: of },
    objective,
    ...(transfer_set && { transfer_set: structuredClone(transfer_set) }),
    ...(training && { training: structuredClone(training) }),
  });
}

/** A model that is made of a trained one's weights, and learns on. */
export function addDerived(config: Config, from: string): Changed {
  return withModel(config, `${from}-copy`, {
    net: { same_as: from },
    init: { derive: { from, by: 'copy' } },
    objective: usualObjective(config),
  });
}

export function copyModel(config: Config, name: string): Changed {
  const model = own(config.models, name);
  return model ? withModel(config, name, structuredClone(model)) : { config, model: name };
}

/** Whether a model teaches another, from now on. A student without teachers learns labels alone. */
export function taught(config: Config, student: string, teacher: string, isTaught: boolean): Config {
  const model = own(config.models, student);
  if (!model || teachersOf(model).includes(teacher) === isTaught) return config;
  const { learns_from = [], ...rest } = model;
  const sources = isTaught
    ? [...learns_from, { model: teacher, weight: 1 }]
    : learns_from.filter((source) => source.model !== teacher);
  const changed = sources.length > 0 ? { ...rest, learns_from: sources } : withoutTeachers(rest);
  return { ...config, models: { ...config.models, [student]: changed } };
}

/** What only makes sense with a teacher goes with the last of them. */
function withoutTeachers({ combine: _, ...model }: Model): Model {
  const { imitates: __, ablation: ___, ...objective } = model.objective;
  return { ...model, objective };
}

/** Every reference to a model under its new name; the place of the model in the config stays. */
export function rename(config: Config, from: string, to: string): Config {
  const renamed = (value: Json, key: string): Json => {
    if (value === from && REFERENCES.has(key)) return to;
    if (Array.isArray(value)) return value.map((item) => renamed(item, key));
    if (!isBranch(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, renamed(inner, name)]));
  };
  const models = Object.entries(config.models).map(([name, model]) => {
    return [name === from ? to : name, renamed(model as unknown as Json, '')];
  });
  return { ...config, models: Object.fromEntries(models) };
}

/** Without a model. Who learnt from it learns without it, who had its network keeps that, who began from it begins anew. */
export function remove(config: Config, name: string): Config {
  const students = Object.keys(config.models).filter((other) => other !== name);
  const alone = students.reduce((changed, student) => taught(changed, student, name, false), config);
  const models = students.map((student) => [student, freed(alone, student, name)]);
  return { ...config, models: Object.fromEntries(models) };
}

/** A model that no longer refers to another. */
function freed(config: Config, name: string, gone: string): Model {
  const model = { ...own(config.models, name)! };
  if ('same_as' in model.net && model.net.same_as === gone) {
    model.net = structuredClone(netOf(config, gone) ?? USUAL_NET);
  }
  const { init, replaces } = model;
  const startsFrom = init && 'same_as' in init ? init.same_as : init && 'derive' in init && init.derive.from;
  if (startsFrom === gone) delete model.init;
  if (replaces?.model === gone) delete model.replaces;
  const imitates = model.objective.imitates?.filter(({ of }) => of !== gone);
  if (imitates) model.objective = { ...model.objective, imitates };
  const ways = model.compress?.map((way) => {
    const isByIt = 'prune' in way && typeof way.prune.by === 'object' && way.prune.by.magnitude_of === gone;
    return isByIt ? { prune: { ...way.prune, by: 'magnitude' as const } } : way;
  });
  if (ways) model.compress = ways;
  return model;
}
