/** Places a family tree: each generation is a row, teachers above their students. */

export interface Node {
  readonly name: string;
  readonly teachers: readonly string[];
  /** Centre of the node, in rows and columns of 0 to 1. */
  readonly x: number;
  readonly row: number;
}

export interface Tree {
  readonly nodes: readonly Node[];
  readonly rows: number;
}

/** `teachers` maps every model to its teachers, in the config's order. Circles and strangers are left out. */
export function layoutTree(teachers: ReadonlyMap<string, readonly string[]>): Tree {
  const rows = new Map<string, number>();
  const rowOf = (name: string, path: readonly string[]): number => {
    const known = rows.get(name);
    if (known !== undefined) return known;
    const above = (teachers.get(name) ?? []).filter(
      (teacher) => teachers.has(teacher) && !path.includes(teacher),
    );
    const row =
      above.length === 0 ? 0 : 1 + Math.max(...above.map((teacher) => rowOf(teacher, [...path, name])));
    rows.set(name, row);
    return row;
  };
  for (const name of teachers.keys()) rowOf(name, [name]);
  alignUntaught(teachers, rows);
  const count = Math.max(0, ...rows.values()) + 1;
  const nodes: Node[] = [];
  for (let row = 0; row < count; row += 1) {
    const names = [...teachers.keys()].filter((name) => rows.get(name) === row);
    names.forEach((name, i) => {
      nodes.push({ name, teachers: teachers.get(name) ?? [], x: (i + 0.5) / names.length, row });
    });
  }
  return { nodes, rows: count };
}

/** A model that neither teaches nor is taught runs beside the students, so it stands in their row. */
function alignUntaught(teachers: ReadonlyMap<string, readonly string[]>, rows: Map<string, number>): void {
  const last = Math.max(0, ...rows.values());
  const teaching = new Set([...teachers.values()].flat());
  for (const [name, above] of teachers) {
    if (above.length === 0 && !teaching.has(name)) rows.set(name, last);
  }
}
