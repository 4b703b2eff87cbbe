/** What the page tells of itself, to scripts and to the page around it: each stands at once, and again when it changes. */

import { untrack } from 'svelte';
import type { PageEvent, Status } from '../packages/embed/src/contract';
import type { Store } from './state/store.svelte';

type Told<T extends PageEvent['type']> = Omit<Extract<PageEvent, { type: T }>, 'type'>;
type Tell<T extends PageEvent['type']> = (told: Told<T>) => void;
type Watchers = { [T in PageEvent['type']]: (store: Store, tell: Tell<T>) => () => void };

/** Where the race stands; one that is being prepared is still the page's `ready`. */
export function statusOf({ status, starting, trainer }: Store): Status {
  return starting || trainer.preparing ? 'preparing' : status;
}

/** Tells what `read` finds whenever that changes, until the function that it answers is called. */
function watch<Value>(read: () => Value, tell: (value: Value) => void): () => void {
  const value = $derived(read());
  return $effect.root(() => {
    $effect(() => {
      const found = value;
      untrack(() => tell(found));
    });
  });
}

/** How often the frame of this page is made as high as it is: the bar of buttons then has no screen's end to stand at. */
let followers = 0;

function watchHeight(tell: (height: number) => void): () => void {
  const page = document.documentElement;
  const observer = new ResizeObserver(() => tell(Math.ceil(page.getBoundingClientRect().height)));
  observer.observe(page);
  followers += 1;
  page.dataset.height = 'followed';
  return () => {
    observer.disconnect();
    followers -= 1;
    if (followers === 0) delete page.dataset.height;
  };
}

const WATCHERS: Watchers = {
  status: (store, tell) =>
    watch(
      () => statusOf(store),
      (status) => tell({ status }),
    ),
  height: (_store, tell) => watchHeight((height) => tell({ height })),
  refused: ({ notices }, tell) =>
    watch(
      () => notices.list.find((notice) => notice.kind === 'refused'),
      (notice) => notice && tell({ problems: notice.refused }),
    ),
  failure: ({ notices }, tell) =>
    watch(
      () => notices.list.findLast((notice) => notice.kind === 'failure'),
      (notice) => notice && tell({ failure: notice.failure }),
    ),
};

/** Calls back on every event of the page of that type; answers the way to stop that. */
export function listenToPage(
  store: Store,
  type: PageEvent['type'],
  callback: (event: PageEvent) => void,
): () => void {
  const watcher = WATCHERS[type] as (store: Store, tell: (told: object) => void) => () => void;
  return watcher(store, (told) => callback({ type, ...told } as PageEvent));
}
