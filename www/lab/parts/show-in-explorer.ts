/** Leads from elsewhere on the page to a digit or a model in the explorer. */

import { tick } from 'svelte';
import type { LentPicture } from '../../model/drawn-digit.svelte';
import type { PageStore } from '../../state/page-store';

/** Id of the explorer's element on the page. */
export const EXPLORER_ID = 'explorer';

/** Chooses a test digit and brings the explorer into sight, with the keyboard's focus on its strip. */
export function showInExplorer(store: Pick<PageStore, 'drawn' | 'view'>, index: number): void {
  store.drawn.hide();
  store.view.digit = index;
  void bringIntoSight(store);
}

/** The same with a picture that is no test digit. */
export function showPictureInExplorer(store: Pick<PageStore, 'drawn' | 'view'>, picture: LentPicture): void {
  store.drawn.lend(picture);
  void bringIntoSight(store);
}

/** The same with what the visitor has drawn. */
export function showDrawingInExplorer(store: Pick<PageStore, 'drawn' | 'view'>): void {
  store.drawn.show();
  void bringIntoSight(store);
}

/** The same with a model: its bars stand beside those of the model that is there. */
export function showModelInExplorer(store: Pick<PageStore, 'picked' | 'view'>, model: string): void {
  store.picked.name = model;
  void bringIntoSight(store);
}

async function bringIntoSight({ view }: Pick<PageStore, 'view'>): Promise<void> {
  // A projector shows one section, and another one now.
  if (view.projector !== null) view.projector = 'explorer';
  await tick();
  const explorer = document.getElementById(EXPLORER_ID);
  explorer?.scrollIntoView({ block: 'start', behavior: 'smooth' });
  explorer?.querySelector<HTMLElement>('[role="listbox"]')?.focus({ preventScroll: true });
}
