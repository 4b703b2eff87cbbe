// Drawing a digit with the mouse, by touch and with the keyboard.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import * as lab from './support/page.mjs';
import { SHORT } from './support/settings.mjs';

const { site, onPage } = await setUp({ site: { laterDigits: false } });

/** A one: a stroke from top to bottom, a little aslant. */
async function drawOne(page) {
  const pad = page.locator('[data-testid="pad"]');
  await pad.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await pad.boundingBox();
  await page.mouse.move(x + width * 0.53, y + height * 0.2);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.48, y + height * 0.8, { steps: 12 });
  await page.mouse.up();
}

test('a one drawn with the mouse is a one to the teacher; every model shows bars', async () => {
  await onPage({ name: 'drawn' }, async (page) => {
    await lab.open(page, site, SHORT);
    await drawOne(page);
    await lab.recognised(page, 'teacher', 1);
    await lab.race(page);
    for (const model of ['teacher', 'student', 'control']) {
      lab.assertSumsToOne(await lab.prediction(page, model));
    }
    const seen = page.locator('[data-testid="seen"][data-pixels]');
    const pixels = JSON.parse(await seen.getAttribute('data-pixels'));
    assert.equal(pixels.length, 784);
    assertCentred(pixels);
    const asked = await page.evaluate((grey) => window.distillery.predict('teacher', grey), pixels);
    assert.deepEqual(asked, await lab.prediction(page, 'teacher'));
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.locator('[data-testid="prediction"]').first().waitFor({ state: 'detached' });
  });
});

/** As in MNIST: the centre of mass in the middle of the picture, whole pixels apart, and a margin of 4. */
function assertCentred(pixels) {
  const mass = pixels.reduce((sum, value) => sum + value, 0);
  const mean = (of) => pixels.reduce((sum, value, i) => sum + value * of(i), 0) / mass;
  const [x, y] = [mean((i) => i % 28), mean((i) => Math.floor(i / 28))];
  assert.ok(Math.abs(x - 13.5) <= 1 && Math.abs(y - 13.5) <= 1, `centre of mass at ${x}, ${y}`);
}

test('a one drawn with the keyboard is a one', async () => {
  await onPage({ name: 'keys' }, async (page) => {
    await lab.open(page, site);
    await page.locator('[data-testid="pad"]').focus();
    await page.keyboard.press('Space');
    for (let i = 0; i < 14; i += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await lab.recognised(page, 'teacher', 1);
    lab.assertSumsToOne(await lab.prediction(page, 'teacher'));
  });
});

/** What browsers do to what is read from a canvas. */
const GUARDS = {
  'one pixel of 1 of 255 in a corner': (data) => {
    data[0] = 1;
  },
  'a few levels on every pixel': (data) => {
    for (let i = 0; i < data.length; i += 1) if (i % 4 !== 3) data[i] += (i * 7) % 5;
  },
  'white in place of all (resistFingerprinting)': (data) => data.fill(255),
};
for (const [what, guard] of Object.entries(GUARDS)) {
  test(`a drawn 7 is 7, p = 1.0000, in a browser that answers getImageData with ${what}`, async () => {
    await onPage({ name: 'guarded', isNew: true }, async (page) => {
      await page.addInitScript(`{
        const { getImageData } = CanvasRenderingContext2D.prototype;
        CanvasRenderingContext2D.prototype.getImageData = function (...args) {
          const image = getImageData.apply(this, args);
          (${guard})(image.data);
          return image;
        };
      }`);
      await lab.open(page, site, '#recipe=first-race');
      await lab.drawSeven(page);
      await lab.recognised(page, 'teacher', 7);
      const [seven] = (await lab.prediction(page, 'teacher')).slice(7);
      assert.ok(seven >= 0.99995, `p = ${seven}`);
    });
  });
}

test('a tap on a phone leaves ink and is answered', async () => {
  const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
  await onPage({ name: 'tap', ...phone }, async (page) => {
    await lab.open(page, site);
    await page.locator('[data-testid="pad"]').tap();
    lab.assertSumsToOne(await lab.prediction(page, 'teacher'));
  });
});
