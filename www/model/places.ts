/** Places in a config with lists on their way, as in `models.student.learns_from[0].weight`; see `paths.ts` for those without. */

import { getAt, isBranch, type Json, setAt } from './paths';

type Step = string | number;

function stepsOf(path: string): Step[] {
  return path.split('.').flatMap((part): Step[] => {
    const [key = '', ...places] = part.split('[');
    return [key, ...places.map((place) => Number.parseInt(place, 10))];
  });
}

function inside(value: Json | undefined, step: Step): Json | undefined {
  if (typeof step === 'number') return Array.isArray(value) ? value[step] : undefined;
  return isBranch(value) ? getAt(value, step) : undefined;
}

/** What stands at a place; undefined if there is none. */
export function valueAt(root: Json, path: string): Json | undefined {
  return stepsOf(path).reduce<Json | undefined>(inside, root);
}

/**
 * A copy with the value at a place set; undefined takes a field away, or an item out of its list. Throws a RangeError where
 * a list is wanted and none is there.
 */
export function withValueAt(root: Json, path: string, value: Json | undefined): Json {
  return put(root, stepsOf(path), value, path);
}

function put(root: Json, [step, ...rest]: readonly Step[], value: Json | undefined, path: string): Json {
  const isLast = rest.length === 0;
  if (typeof step !== 'number')
    return setAt(root, step ?? '', isLast ? value : put(inside(root, step ?? '') ?? {}, rest, value, path));
  if (!Array.isArray(root)) throw new RangeError(path);
  if (isLast && value === undefined) return root.toSpliced(step, 1);
  const item = isLast ? value! : put(root[step] ?? {}, rest, value, path);
  return Object.assign([...root], { [step]: item });
}
