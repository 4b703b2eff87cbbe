// What imitating a layer adds to a step, and what the shipped teacher takes to answer for a digit: Distillery alone, on
// the CPU.

import { configOf, labOf, STUDENT, started } from './lab.mjs';
import { NAMED, netOf } from './networks.mjs';
import { median } from './numbers.mjs';

const BATCHES = 10;
const STEPS = { warmUp: 3, timed: 20 };
/** Digits that the teacher is asked at once, and how often. */
const ASKED = { from: 8_100, digits: 200, times: 9 };

const CNN = { name: 'CNN 12-24-96', net: { cnn: {} } };

/** A student and its teacher, and layers of equal names that each likeness compares. */
const CASES = [
  [
    netOf('128'),
    netOf('300'),
    { hint: 'hidden.0', hidden_states: 'hidden.1', distances: 'hidden.0', angles: 'hidden.0' },
  ],
  [
    netOf('300'),
    netOf('300'),
    {
      hint: 'hidden.0',
      hidden_states: 'hidden.1',
      patient: 'hidden.0',
      cosine: 'hidden.0',
      distances: 'hidden.0',
      angles: 'hidden.0',
    },
  ],
  [
    CNN,
    CNN,
    { hint: 'conv.1', patient: 'conv.1', cosine: 'hidden.0', distances: 'conv.1', angles: 'hidden.0' },
  ],
  [
    NAMED.vit,
    NAMED.vit,
    {
      hidden_states: 'block.1',
      attention_scores: 'scores.1',
      attention_divergence: 'attention.1',
      value_relations: 'values.1',
    },
  ],
];

/** The experiment of all engines, with a teacher that is trained for one epoch first. */
function experiment(student, teacher, batch, imitates) {
  const config = configOf(student.net, batch, BATCHES * batch);
  config.models.teacher = { net: teacher.net, training: { ...config.training, epochs: 1 } };
  config.models[STUDENT].objective = { ...config.models[STUDENT].objective, imitates };
  return config;
}

/**
 * Milliseconds a step: `asking` in the first epoch, in which the teacher answers for every digit, and `asked` in later
 * ones, for which its answers were kept.
 */
async function msPerStep(lab, config) {
  lab.start(config);
  const stepsOf = async (wanted) => {
    let done = 0;
    const begun = performance.now();
    while (done < wanted) {
      const { events } = await lab.advance(3_600_000, 1);
      done += events.filter(({ type, model }) => type === 'step' && model === STUDENT).length;
    }
    return (performance.now() - begun) / done;
  };
  await stepsOf(STEPS.warmUp);
  const asking = await stepsOf(BATCHES - STEPS.warmUp);
  const asked = await stepsOf(STEPS.timed);
  lab.stop();
  return { asking, asked };
}

/** A row for each likeness of each case: milliseconds without the term and with it, in turn. */
export async function termTimes({ batch, repeats }, say) {
  const lab = await labOf('cpu');
  const rows = [];
  for (const [student, teacher, likenesses] of CASES) {
    say(`cpu, ${student.name}: timing terms of imitation`);
    for (const [by, layer] of Object.entries(likenesses)) {
      const imitates = [{ by, layers: [{ teacher: layer, student: layer }], weight: 0.1 }];
      const [without, imitating] = [[], []];
      for (let repeat = 0; repeat < repeats; repeat += 1) {
        without.push(await msPerStep(lab, experiment(student, teacher, batch, [])));
        imitating.push(await msPerStep(lab, experiment(student, teacher, batch, imitates)));
      }
      const medians = (times) => ({
        asking: median(times.map(({ asking }) => asking)),
        asked: median(times.map(({ asked }) => asked)),
      });
      rows.push({
        student: student.name,
        teacher: teacher.name,
        by,
        layer,
        without: medians(without),
        imitating: medians(imitating),
      });
    }
  }
  return rows;
}

/** Milliseconds a digit of the shipped teacher. */
export async function teacherMs() {
  const lab = await labOf('cpu');
  await started(lab, NAMED.cnn.net, 1, 1);
  const times = [];
  for (let time = 0; time < ASKED.times; time += 1) {
    // Digits that nobody has asked it about: its answers are kept.
    const ids = Uint32Array.from(
      { length: ASKED.digits },
      (_, index) => ASKED.from + time * ASKED.digits + index,
    );
    const begun = performance.now();
    await lab.logits('teacher', 'train', ids);
    times.push((performance.now() - begun) / ASKED.digits);
  }
  lab.stop();
  return median(times);
}
