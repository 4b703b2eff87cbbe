// A first visit with a clock: when there is something to look at, when the page can train, when it has trained an epoch.

/** Milliseconds from navigation to the first histogram, to a page that can train, and to the end of the first epoch of the
 * race that is then started at once. */
export async function visit(page, url) {
  await page.addInitScript(() => {
    const timer = setInterval(() => {
      if (document.querySelector('[data-testid="soft-targets"][data-role="teacher"]')) {
        window.histogramMs ??= performance.now();
      }
      const start = document.querySelector('[data-action="start"][aria-disabled="false"]');
      if (!start || !window.distillery || window.canTrainMs) return;
      window.canTrainMs = performance.now();
      window.distillery.on('epoch', ({ measures }) => {
        if (measures.epoch >= 1) window.firstEpochMs ??= performance.now();
        clearInterval(timer);
      });
      start.click();
    }, 10);
  });
  await page.goto(url);
  await page.waitForFunction(() => window.firstEpochMs !== undefined);
  return page.evaluate(() => {
    const { histogramMs, canTrainMs, firstEpochMs } = window;
    return { histogramMs, canTrainMs, firstEpochMs };
  });
}

/** What a site was asked for before the page could train. Later sheets are asked for only once it can: test digits at
 * once, the others when it is idle. */
export function neededRequests(site) {
  const rest = site.requests.findIndex(({ path }) => /[/.](train-[1-9]|test-1)\./.test(path));
  return site.requests.slice(0, rest < 0 ? undefined : rest);
}

export const bytesOf = (requests) => requests.reduce((sum, request) => sum + request.bytes, 0);
