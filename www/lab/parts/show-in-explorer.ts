/** Leads from elsewhere on the page to a digit or a model in the explorer. */

import type { LentPicture } from '../../model/drawn-digit.svelte';
import type { PageStore } from '../../state/page-store';

/** Id of the explorer's element on the page. */
export const EXPLORER_ID = 'explorer';

/** Chooses a test digit and brings the explorer into sight, with the keyboard's focus on its strip. */
export function showInExplorer(store: Pick<PageStore, 'drawn' | 'view'>, index: number): void {
  store.drawn.hide();
  store.view.digit = index;
  bringIntoSight();
}

/** The same with a picture that is no test digit. */
export function showPictureInExplorer(store: Pick<PageStore, 'drawn'>, picture: LentPicture): void {
  store.drawn.lend(picture);
  bringIntoSight();
}

/** The same with what the visitor has drawn. */
export function showDrawingInExplorer(store: Pick<PageStore, 'drawn'>): void {
  store.drawn.show();
  bringIntoSight();
}

/** The same with a model: its bars stand beside those of the model that is there. */
export function showModelInExplorer(store: Pick<PageStore, 'picked'>, model: string): void {
  store.picked.name = model;
  bringIntoSight();
}

function bringIntoSight(): void {
  const explorer = document.getElementById(EXPLORER_ID);
  explorer?.scrollIntoView({ block: 'start', behavior: 'smooth' });
  explorer?.querySelector<HTMLElement>('[role="listbox"]')?.focus({ preventScroll: true });
}
