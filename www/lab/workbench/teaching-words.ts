/** What is said of a line between two models: that it comes, goes, or cannot be. */

import type { Config } from '../../engine/generated/types';
import { m } from '../../i18n/messages';
import { modelName } from '../../model/names';
import { own } from '../../model/own';
import { teachersOf } from '../../model/roles';
import { type Obstacle, obstacleOf } from '../../model/teaching';

const OBSTACLES: Readonly<Record<Obstacle, (of: { teacher: string; student: string }) => string>> = {
  itself: m.family_itself,
  shipped: m.family_shipped,
  circle: m.family_circle,
};

export const isTaughtBy = (config: Config, student: string, teacher: string): boolean =>
  teachersOf(own(config.models, student)).includes(teacher);

const named = (teacher: string, student: string) => ({
  teacher: modelName(teacher),
  student: modelName(student),
});

/** Why a model cannot come to teach another; null if it can, or does already. */
export function whyNot(config: Config, teacher: string, student: string): string | null {
  if (isTaughtBy(config, student, teacher)) return null;
  const obstacle = obstacleOf(config, teacher, student);
  return obstacle === null ? null : OBSTACLES[obstacle](named(teacher, student));
}

/** What letting go over a model would do. */
export function dropWords(config: Config, teacher: string, student: string): string {
  const words = isTaughtBy(config, student, teacher) ? m.family_drop_untaught : m.family_drop;
  return whyNot(config, teacher, student) ?? words(named(teacher, student));
}

/** What has come of it. */
export function doneWords(teacher: string, student: string, isTaught: boolean): string {
  return (isTaught ? m.family_taught : m.family_untaught)(named(teacher, student));
}

export const lineWords = (teacher: string, student: string): string => m.family_line(named(teacher, student));
