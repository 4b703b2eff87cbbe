// What pages of different drivers have in common.

/** Playwright's and Puppeteer's pages have this much in common. */
export function withMouse(page) {
  return {
    goto: (url) => page.goto(url),
    evaluate: (body, ...args) => page.evaluate(`(${body})(...${JSON.stringify(args)})`),
    inFrame: (body, ...args) => page.frames()[1].evaluate(`(${body})(...${JSON.stringify(args)})`),
    async drag(from, to) {
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move(to.x, to.y, { steps: 10 });
      await page.mouse.up();
    },
  };
}
