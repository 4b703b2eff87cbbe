/** Whose place a teacher of the visitor's own takes. */

import type { Config, Model } from '../engine/generated/types';
import type { OwnTeacher } from '../engine/own-teacher';
import { own } from './own';
import { mainStudent, teachersOf } from './roles';

/** The model whose place it takes: the first teacher of the student that the settings are about. */
export function teacherToReplace(config: Config | null): string | null {
  const student = config && mainStudent(config);
  return student ? (teachersOf(own(config.models, student))[0] ?? null) : null;
}

/** The model with those weights, which it keeps. */
export function taughtBy(model: Model | undefined, { name, net }: OwnTeacher): Model {
  const {
    transfer_set: _,
    training: __,
    learns_from: ___,
    compress: ____,
    replaces: _____,
    ...rest
  } = model ?? { net };
  return { ...rest, net, init: { pretrained: name } } as Model;
}
