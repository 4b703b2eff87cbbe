// Two runs of one config on two machines: how far apart they are.

import assert from 'node:assert/strict';

/** Largest relative difference of the epochs' losses, and largest absolute one of the logits. */
export function distance(a, b) {
  let loss = 0;
  let logits = 0;
  for (const [name, model] of Object.entries(a.record.models)) {
    const other = b.record.models[name];
    assert.equal(model.epochs.length, other.epochs.length, name);
    model.epochs.forEach((epoch, index) => {
      if (!epoch.loss) return;
      for (const term of ['hard', 'soft', 'total']) {
        const [x, y] = [epoch.loss[term], other.epochs[index].loss[term]];
        assert.equal(x === null, y === null, `${name}: ${term}`);
        if (x !== null) loss = Math.max(loss, Math.abs(x - y) / Math.abs(y));
      }
    });
    a.logits[name].forEach((value, index) => {
      logits = Math.max(logits, Math.abs(value - b.logits[name][index]));
    });
  }
  return { loss, logits };
}

export function assertAlike(t, a, b, tolerance) {
  const found = distance(a, b);
  t.diagnostic(`losses differ by ${found.loss.toExponential(1)}, logits by ${found.logits.toExponential(1)}`);
  // Written so that a NaN fails.
  assert.ok(found.loss <= tolerance.loss, `losses differ by ${found.loss}`);
  assert.ok(found.logits <= tolerance.logits, `logits differ by ${found.logits}`);
}
