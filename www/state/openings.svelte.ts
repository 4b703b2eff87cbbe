/** How often the test digits have been opened in this visit: by whichever race, and across reloads of the tab. */

const KEPT = 'distillery.test-opened';

export class Openings {
  count = $state(kept());

  take(count: number): void {
    this.count = count;
    try {
      sessionStorage.setItem(KEPT, String(count));
    } catch {
      // A frame may be refused storage: then the count lasts as long as the page.
    }
  }
}

function kept(): number {
  try {
    const count = Number(sessionStorage.getItem(KEPT));
    return Number.isSafeInteger(count) && count > 0 ? count : 0;
  } catch {
    return 0;
  }
}
