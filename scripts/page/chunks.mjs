// What the page opens with comes in two files of code, not in one for each set of parts that shares a module: what begins,
// and what draws, which main.ts asks for apart. A browser fetches six files at a time from a plain server. main.ts itself
// stays a third: it waits for what draws, which could not wait for the file that waits for it.

const BEGINS = '/www/main.ts';
const DRAWS = '/www/lab/App.svelte';

/** A module and all that it imports before it runs. */
function withImports(entry, context) {
  const all = new Set();
  const waiting = [entry];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (all.has(id)) continue;
    all.add(id);
    waiting.push(...(context.getModuleInfo(id)?.importedIds ?? []));
  }
  return all;
}

/** The groups of rolldown's code splitting, for the page whose sources lie in `root`. */
export function openingChunks(root) {
  let opening = null;
  const chunkOf = (id, context) => {
    if (id === root + BEGINS) return null;
    opening ??= [
      ['begin', withImports(root + BEGINS, context)],
      ['draw', withImports(root + DRAWS, context)],
    ];
    return opening.find(([, modules]) => modules.has(id))?.[0] ?? null;
  };
  return [{ debugName: 'opening', name: chunkOf }];
}
