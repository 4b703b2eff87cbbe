/** Places a family tree: each generation is a row, teachers above their students. */

export interface Node {
  readonly name: string;
  readonly teachers: readonly string[];
  /** Centre of the node: `x` from 0 to 1 across, `row` from 0 down. */
  readonly x: number;
  readonly row: number;
}

export interface Tree {
  readonly nodes: readonly Node[];
  readonly rows: number;
  /** Nodes in the fullest row. */
  readonly columns: number;
}

/** More nodes than this have no room for their names on a phone; their generation takes several rows. */
export const MOST_COLUMNS = 4;

/** `teachers` maps every model to its teachers, in the config's order. Circles and strangers are left out. */
export function layoutTree(teachers: ReadonlyMap<string, readonly string[]>): Tree {
  const generations = generationsOf(teachers);
  const count = Math.max(0, ...generations.values()) + 1;
  const nodes: Node[] = [];
  const placed = new Map<string, number>();
  let row = 0;
  for (let generation = 0; generation < count; generation += 1) {
    const names = [...teachers.keys()].filter((name) => generations.get(name) === generation);
    const ordered = underTheirTeachers(names, teachers, placed);
    const lines = Math.max(1, Math.ceil(ordered.length / MOST_COLUMNS));
    const inLine = Math.ceil(ordered.length / lines);
    for (let line = 0; line < lines; line += 1) {
      const here = ordered.slice(line * inLine, (line + 1) * inLine);
      here.forEach((name, i) => {
        const x = (i + 0.5) / here.length;
        placed.set(name, x);
        nodes.push({ name, teachers: teachers.get(name) ?? [], x, row });
      });
      row += 1;
    }
  }
  const widths = Array.from({ length: row }, (_, i) => nodes.filter((node) => node.row === i).length);
  return { nodes, rows: row, columns: Math.max(1, ...widths) };
}

function generationsOf(teachers: ReadonlyMap<string, readonly string[]>): Map<string, number> {
  const generations = new Map<string, number>();
  const generationOf = (name: string, path: readonly string[]): number => {
    const known = generations.get(name);
    if (known !== undefined) return known;
    const above = (teachers.get(name) ?? []).filter(
      (teacher) => teachers.has(teacher) && !path.includes(teacher),
    );
    const generation =
      above.length === 0
        ? 0
        : 1 + Math.max(...above.map((teacher) => generationOf(teacher, [...path, name])));
    generations.set(name, generation);
    return generation;
  };
  for (const name of teachers.keys()) generationOf(name, [name]);
  alignUntaught(teachers, generations);
  return generations;
}

/** Ordered by where their teachers stand, so that few edges cross; the config's order decides between equals. */
function underTheirTeachers(
  names: readonly string[],
  teachers: ReadonlyMap<string, readonly string[]>,
  placed: ReadonlyMap<string, number>,
): string[] {
  const pull = (name: string): number => {
    const above = (teachers.get(name) ?? []).flatMap((teacher) => placed.get(teacher) ?? []);
    // Nobody pulls at a control; it stands at the end of its row.
    return above.length === 0 ? 1 : above.reduce((sum, x) => sum + x, 0) / above.length;
  };
  return [...names].sort((a, b) => pull(a) - pull(b));
}

/** A model that neither teaches nor is taught runs beside the students, so it stands in their row. */
function alignUntaught(
  teachers: ReadonlyMap<string, readonly string[]>,
  generations: Map<string, number>,
): void {
  const last = Math.max(0, ...generations.values());
  const teaching = new Set([...teachers.values()].flat());
  for (const [name, above] of teachers) {
    if (above.length === 0 && !teaching.has(name)) generations.set(name, last);
  }
}
