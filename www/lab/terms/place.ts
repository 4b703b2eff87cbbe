/** Places a bubble by its word. CSS anchor positioning would do, but not every engine we support has it. */

const GAP_PX = 6;
const EDGE_PX = 8;

/** Puts `bubble`, fixed on the screen, under `word`, or above where there is no room below; never past an edge. */
export function placeBelow(word: Element, bubble: HTMLElement): void {
  const at = word.getBoundingClientRect();
  const { width, height } = bubble.getBoundingClientRect();
  const fitsBelow = at.bottom + GAP_PX + height + EDGE_PX <= innerHeight;
  const top = fitsBelow ? at.bottom + GAP_PX : Math.max(EDGE_PX, at.top - GAP_PX - height);
  const left = Math.min(Math.max(EDGE_PX, at.left), Math.max(EDGE_PX, innerWidth - width - EDGE_PX));
  bubble.style.top = `${top}px`;
  bubble.style.left = `${left}px`;
}
