// What is malformed is refused with a code and the place, never with a wrong picture.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onBench } from './support/bench.mjs';
import { CONVOLUTIONS } from './support/configs.mjs';

const refusedStart = (page, config) =>
  page.evaluate(async (experiment) => {
    const lab = await window.bench.labOf('cpu');
    return window.bench.thrownBy(() => lab.start(experiment));
  }, config);

test('configs that cannot run', async () => {
  await onBench({ name: 'refused-configs' }, async (page) => {
    const unknown = await refusedStart(page, { ...CONVOLUTIONS, training: { epoch: 3 } });
    assert.equal(unknown.code, 'config_invalid');
    assert.equal(unknown.problems[0].path, 'training.epoch');
    assert.equal(unknown.problems[0].allowed.code, 'known_field');

    const worded = await refusedStart(page, { ...CONVOLUTIONS, seed: 'one' });
    assert.equal(worded.code, 'config_invalid');
    assert.deepEqual(worded.problems, [
      { path: 'seed', value: '"one"', allowed: { code: 'whole', min: 0, max: 4294967295 } },
    ]);

    // What cannot be read is told by `validate` as what is out of range is.
    const told = await page.evaluate(
      async (experiment) => {
        const lab = await window.bench.labOf('cpu');
        return lab.validate(experiment);
      },
      { ...CONVOLUTIONS, training: { epochs: 2.5 } },
    );
    assert.deepEqual(told, [
      { path: 'training.epochs', value: '2.5', allowed: { code: 'whole', min: 1, max: 500 } },
    ]);

    const models = { ...CONVOLUTIONS.models, solo: { net: { mlp: { hidden: [0] } } } };
    const invalid = await refusedStart(page, { ...CONVOLUTIONS, models, training: { epochs: 0 } });
    assert.equal(invalid.code, 'config_invalid');
    const paths = invalid.problems.map(({ path }) => path);
    assert.ok(paths.includes('training.epochs'), paths.join());
    assert.ok(
      paths.some((path) => path.startsWith('models.solo.net.mlp.hidden')),
      paths.join(),
    );

    const unloaded = await refusedStart(page, { ...CONVOLUTIONS, transfer_set: { digits: 20_000 } });
    assert.equal(unloaded.code, 'digits_missing');
    assert.deepEqual([unloaded.split, unloaded.needed], ['train', 20_000]);
  });
});

test('sheets that are not as they left', async () => {
  await onBench({ name: 'refused-sheets' }, async (page) => {
    const refused = await page.evaluate(async () => {
      const { emptyLab, sheet, unpacked, thrownBy } = window.bench;
      const lab = await emptyLab('cpu');
      lab.manifest(await (await fetch('/data/manifest.json')).text());
      const packed = await sheet('test-0');
      const raw = await unpacked(packed);
      const flipped = packed.slice();
      flipped[flipped.length >> 1] ^= 1;
      const attempts = {
        flipped: () => lab.addSheet('test-0', flipped, raw),
        truncated: () => lab.addSheet('test-0', packed.subarray(0, 1000), raw),
        rawTruncated: () => lab.addSheet('test-0', packed, raw.subarray(0, raw.length - 1)),
        unknown: () => lab.addSheet('train-9', packed, raw),
        missingDigit: () => lab.digit('test', 0),
        swapped: () => lab.addSheet('train-0', packed, raw),
      };
      const codes = {};
      for (const [name, attempt] of Object.entries(attempts)) codes[name] = (await thrownBy(attempt))?.code;
      return { codes, count: lab.digitCount() };
    });
    assert.deepEqual(refused.codes, {
      flipped: 'data_corrupt',
      truncated: 'data_corrupt',
      rawTruncated: 'data_corrupt',
      unknown: 'unknown_name',
      missingDigit: 'digits_missing',
      swapped: 'data_corrupt',
    });
    assert.deepEqual(refused.count, { train: 0, test: 0, fashion_test: 0 });
  });
});

test('a manifest, a teacher, a drawing and an engine that are none', async () => {
  await onBench({ name: 'refused-others' }, async (page) => {
    const codes = await page.evaluate(async () => {
      const { emptyLab, labOf, thrownBy } = window.bench;
      const lab = await labOf('cpu');
      const attempts = {
        manifest: () => lab.manifest('{"sheets": 3}'),
        cards: () => lab.tellTeachers('[{}]'),
        teacher: () => lab.addTeacher('nobody', new Uint8Array(8)),
        weights: () => lab.addTeacher('mnist-cnn', new Uint8Array(64)),
        fewLogits: () => lab.addLogits('mnist-cnn-large', 'test-0', new Uint8Array(64)),
        otherLogits: () => lab.addLogits('mnist-cnn-large', 'test-0', new Uint8Array(20_000)),
        drawing: () => lab.logitsOfPixels('mnist-cnn', new Float32Array(3)),
        model: () => lab.logits('nobody', 'test', Uint32Array.of(0)),
        digit: () => lab.logits('mnist-cnn', 'test', Uint32Array.of(10_000)),
        snapshot: () => lab.resume({ version: 1, models: {} }, new Uint8Array(3)),
        engine: () =>
          emptyLab('cpu')
            .then(() => import('/pkg/cpu/distillery.js?cpu'))
            .then(({ Lab }) => Lab.create('abacus', false)),
      };
      const found = {};
      for (const [name, attempt] of Object.entries(attempts)) found[name] = (await thrownBy(attempt))?.code;
      return found;
    });
    assert.equal(codes.manifest, 'parse_failed');
    assert.equal(codes.cards, 'parse_failed');
    assert.equal(codes.teacher, 'unknown_name');
    for (const invalid of ['weights', 'fewLogits', 'otherLogits'])
      assert.equal(codes[invalid], 'checkpoint_invalid', invalid);
    assert.equal(codes.drawing, 'data_corrupt');
    assert.equal(codes.model, 'unknown_name');
    assert.equal(codes.digit, 'digits_missing');
    assert.ok(typeof codes.snapshot === 'string', `a snapshot of three bytes: ${codes.snapshot}`);
    assert.equal(codes.engine, 'parse_failed');
  });
});
