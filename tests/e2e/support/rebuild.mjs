// An experiment set on the page field by field, through the controls that a visitor has for them.

import assert from 'node:assert/strict';

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const isNone = (value) => value === undefined || value === null;
const isSet = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a path of the config on show, places in lists as in `learns_from[0]`. */
const valueAt = (page, path) =>
  page.evaluate(
    (steps) => {
      const within = (value, step) => (value === null || value === undefined ? undefined : value[step]);
      return steps.reduce(within, window.distillery.config()) ?? null;
    },
    path.split(/[.[\]]+/).filter(Boolean),
  );

/** What stands in the place of a field. */
const kindOf = (field) =>
  field.evaluate((element) => {
    if (element.querySelector('[data-class]')) return 'classes';
    if (element.matches('fieldset.field')) return 'schedule';
    if (element.matches('fieldset')) return 'list';
    const control = element.querySelector('select, input');
    return control.matches('select') ? 'choice' : control.type;
  });

/** Brings one field to what is wanted of it, and all that is below it. */
async function bring(page, bench, path, wanted) {
  const have = await valueAt(page, path);
  if (same(have, wanted ?? null)) return;
  const field = bench.locator(`[data-field="${path}"]`);
  const remove = bench.locator(`[data-remove="${path}"]`);
  const add = bench.locator(`[data-add="${path}"]`);
  const below = (key, value) => bring(page, bench, `${path}${key}`, value);
  if (isNone(wanted) && (await remove.count()) > 0) return remove.click();
  if ((await add.count()) > 0) await add.click();
  if ((await field.count()) === 0) {
    // A structure is no field of its own: what is in it is.
    const names = new Set([...Object.keys(wanted ?? {}), ...Object.keys((await valueAt(page, path)) ?? {})]);
    for (const name of names) await below(`.${name}`, wanted?.[name]);
    return undefined;
  }
  const control = field.locator('select, input').first();
  switch (await kindOf(field)) {
    case 'classes':
      for (let label = 0; label < 10; label += 1) {
        const button = field.locator(`[data-class="${label}"]`);
        const isIn = (await button.getAttribute('aria-checked')) === 'true';
        if (isIn === (wanted ?? []).includes(label)) await button.click();
      }
      return undefined;
    case 'schedule': {
      const [kind, ramp] = isSet(wanted) ? Object.entries(wanted)[0] : ['constant', wanted];
      await field.locator('select').selectOption(kind);
      const numbers = field.locator('input[type="number"]');
      for (let more = ramp.length - 2; kind === 'points' && more > 0; more -= 1)
        await field.locator('.line button').click();
      const wantedNumbers =
        kind === 'points'
          ? ramp.flatMap(({ at, value }) => [at, value])
          : isSet(ramp)
            ? Object.values(ramp)
            : [ramp];
      for (const [place, number] of wantedNumbers.entries()) await numbers.nth(place).fill(String(number));
      return undefined;
    }
    case 'list': {
      const items = wanted ?? [];
      for (let place = have?.length ?? 0; place > items.length; place -= 1)
        await bench.locator(`[data-remove="${path}[${place - 1}]"]`).click();
      for (const [place, item] of items.entries()) {
        const one = bench.locator(`[data-add="${path}[${place}]"]`);
        if ((await one.count()) > 0) await one.click();
        await below(`[${place}]`, item);
      }
      return undefined;
    }
    case 'choice': {
      const [name, settings] = isSet(wanted) ? Object.entries(wanted)[0] : [wanted];
      await control.selectOption(name);
      if (settings !== undefined) await below(`.${name}`, settings);
      return undefined;
    }
    case 'checkbox':
      return control.setChecked(wanted ?? false);
    default:
      return control.fill(Array.isArray(wanted) ? wanted.join(', ') : String(wanted));
  }
}

/** Sets what the wanted config says, from whatever is on show: the models first, then what all share, then each one's. */
export async function rebuild(page, wanted) {
  const bench = page.locator('[data-testid="workbench"]');
  const node = (model) => bench.locator(`[data-node="${model}"]`);
  const shown = () => page.evaluate(() => Object.keys(window.distillery.config().models));
  const until = async (isSo) => {
    for (let tries = 0; !isSo(await shown()); tries += 1) {
      assert.ok(tries < 100, JSON.stringify(await shown()));
      await page.waitForTimeout(50);
    }
  };
  const rename = async (from, to) => {
    await node(from).click();
    await bench.locator(`.head input[type="text"]`).fill(to);
    await bench.locator(`.head input[type="text"]`).press('Enter');
    await until((models) => models.includes(to));
  };
  const names = Object.keys(wanted.models);
  for (const model of (await shown()).slice(1)) {
    await node(model).click();
    await bench.locator('[data-edit="remove"]').click();
    await until((models) => !models.includes(model));
  }
  const [left] = await shown();
  if (left !== names[0]) await rename(left, names[0]);
  for (const name of names.slice(1)) {
    const before = await shown();
    await bench.locator('[data-addition="alone"]').click();
    await until((models) => models.length > before.length);
    const added = (await shown()).find((model) => !before.includes(model));
    if (added !== name) await rename(added, name);
  }
  // In the order in which a config has them, and the page shows them: who teaches comes before what is learnt from them.
  const fields = async (prefix, value) => {
    const has = Object.keys((await valueAt(page, prefix)) ?? {});
    for (const name of new Set([...Object.keys(value), ...has]))
      await bring(page, bench, `${prefix}.${name}`, value[name]);
  };
  await bench.locator('[data-everyone]').click();
  await bench.locator('[data-wide="seed"]').waitFor();
  const { models, version: _, ...shared } = wanted;
  for (const [name, value] of Object.entries(shared)) await bring(page, bench, name, value);
  for (const [name, model] of Object.entries(models)) {
    await node(name).click();
    await bench.locator(`[data-field="models.${name}.net"]`).waitFor();
    await fields(`models.${name}`, model);
  }
}
