// Distillery through its `Lab`, as the page drives it: batches are shuffled, gathered and uploaded, soft targets worked
// out from the teacher's kept logits, losses read at most every 100 ms.

import { labOf, STUDENT, started } from '../lab.mjs';

/** Digits of the transfer set while timing: whole batches of about as many as the first race has. */
const TIMED_DIGITS = 8000;
/** Emulated, the teacher alone would take minutes for those; so many batches are not used up before the end. */
const EMULATED_BATCHES = 10;

let backend = 'cpu';

export async function prepare(name) {
  backend = name;
  await labOf(backend);
}

/** `work.isCheck`: every step learns on the same batch, as the peers always do. */
export async function create(work) {
  const lab = await labOf(backend);
  const most = Math.max(1, Math.floor(TIMED_DIGITS / work.batch));
  const batches = work.isCheck ? 1 : Math.min(most, work.isEmulated ? EMULATED_BATCHES : most);
  await started(lab, work.net, work.batch, batches * work.batch);
  let done = 0;
  let value = Number.NaN;
  let stepMs = 0;
  const advance = async (budgetMs, maxSteps) => {
    const { events, steps_done } = await lab.advance(budgetMs, maxSteps);
    done = steps_done;
    for (const event of events) {
      if (event.type === 'step' && event.model === STUDENT) value = event.loss.total;
      if (event.type === 'warning') throw new Error(`Distillery: ${event.message}`);
    }
  };
  return {
    /** Takes about so many steps, and says how many. */
    async steps(count) {
      const from = done;
      const start = performance.now();
      for (let left = count - 1; left > 0; left = count - 1 - (done - from)) {
        // A GPU takes orders faster than it follows them, so a budget of time would order too many: one at a time.
        await advance(backend === 'webgpu' ? 0 : 0.9 * left * stepMs, 0);
      }
      // A counted step is told of, and so waits until everything before it is done.
      await advance(3_600_000, 1);
      stepMs = (performance.now() - start) / (done - from);
      return done - from;
    },
    loss: () => value,
    dispose: () => lab.stop(),
  };
}
