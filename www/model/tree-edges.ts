/** The lines of a family tree: from the foot of a teacher to the head of its student, around nodes between. */

import type { Node, Tree } from './layout-tree';

export interface Edge {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  /** An SVG path: across from 0 to 100, down in pixels. */
  readonly path: string;
}

export interface Measure {
  readonly rowPx: number;
  readonly nodePx: number;
}

/** One edge for every teacher of every node that the tree has. */
export function edgesOf(tree: Tree, { rowPx, nodePx }: Measure): Edge[] {
  return tree.nodes.flatMap((node) =>
    node.teachers.flatMap((name) => {
      const teacher = tree.nodes.find((candidate) => candidate.name === name);
      if (!teacher || teacher.row >= node.row) return [];
      const points = [
        { x: teacher.x, top: teacher.row * rowPx + nodePx, bottom: teacher.row * rowPx + nodePx },
      ];
      for (let row = teacher.row + 1; row < node.row; row += 1) {
        const straight = teacher.x + ((node.x - teacher.x) * (row - teacher.row)) / (node.row - teacher.row);
        points.push({ x: gapNear(tree, row, straight), top: row * rowPx, bottom: row * rowPx + nodePx });
      }
      points.push({ x: node.x, top: node.row * rowPx, bottom: node.row * rowPx });
      return [{ key: `${name} ${node.name}`, from: name, to: node.name, path: pathThrough(points) }];
    }),
  );
}

/** The place between two nodes of a row, or beside them, that is nearest to `x`. */
function gapNear(tree: Tree, row: number, x: number): number {
  const places = tree.nodes.filter((node: Node) => node.row === row).map((node) => node.x);
  // Where nodes are as narrow as their columns, the gap is what the page leaves between them.
  const half = nodeShare(tree.columns) / 2;
  const gaps = places.slice(1).map((place, i) => (place + places[i]!) / 2);
  const left = Math.max(0.01, (places[0] ?? 0) - half - 0.04);
  const right = Math.min(0.99, (places.at(-1) ?? 1) + half + 0.04);
  return [left, ...gaps, right].reduce((best, gap) => (Math.abs(gap - x) < Math.abs(best - x) ? gap : best));
}

/** Width of a node as a share of the tree's. */
export function nodeShare(columns: number): number {
  return Math.min(0.46, 0.95 / columns);
}

/** Curves between rows, straight down beside the nodes of a row. */
function pathThrough(points: readonly { x: number; top: number; bottom: number }[]): string {
  const [first, ...rest] = points as [(typeof points)[number], ...(typeof points)[number][]];
  let from = first;
  const parts = [`M${percent(from.x)} ${from.bottom}`];
  for (const to of rest) {
    const middle = (from.bottom + to.top) / 2;
    parts.push(`C${percent(from.x)} ${middle} ${percent(to.x)} ${middle} ${percent(to.x)} ${to.top}`);
    if (to.bottom > to.top) parts.push(`V${to.bottom}`);
    from = to;
  }
  return parts.join('');
}

function percent(share: number): string {
  return (share * 100).toFixed(2);
}
