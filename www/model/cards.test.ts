import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Card, Config } from '../engine/generated/types';
import { cardedIn, digitsHere, fitsNetwork, shippedAgain, trainedHere, trainingMs } from './cards';
import { checkpointOf } from './roles';

const TEACHERS = new URL('../../assets/teachers/', import.meta.url);
const cards = readdirSync(TEACHERS)
  .filter((file) => file.endsWith('.json') && !file.endsWith('.config.json'))
  .map((file) => JSON.parse(readFileSync(new URL(file, TEACHERS), 'utf8')) as Card);
const cardOf = (name: string): Card => cards.find((card) => card.name === name)!;

/** A race with a shipped teacher, complete as the lab answers it. */
function race(shipped: string, data: Partial<Config['data']> = {}): Config {
  const { net, config } = cardOf(shipped);
  const { objective } = Object.values(config.models)[0]!;
  return {
    ...config,
    data: { ...config.data, ...data },
    transfer_set: { ...config.transfer_set, digits: 8000 },
    models: {
      teacher: { net, init: { pretrained: shipped }, objective },
      student: { net: { mlp: { hidden: [30] } }, learns_from: [{ model: 'teacher' }], objective },
    },
  } as unknown as Config;
}

const withTeacher = (config: Config, teacher: Config['models'][string]): Config => ({
  ...config,
  models: { ...config.models, teacher },
});

test.each(cards.map(({ name }) => name))(
  '%s is trained as its card says, and the shipped one comes back',
  (name) => {
    const card = cardOf(name);
    const usual = race(name);
    expect(cardedIn(usual, 'teacher', cards, usual)).toEqual({ card, isShipped: true });
    const changed = withTeacher(usual, trainedHere(usual, 'teacher', card)!);
    expect(checkpointOf(changed, 'teacher')).toBeNull();
    const { transfer_set, training } = changed.models.teacher!;
    expect([transfer_set, training]).toEqual([card.config.transfer_set, card.config.training]);
    expect(cardedIn(changed, 'teacher', cards, usual)).toEqual({ card, isShipped: false });
    const back = withTeacher(changed, shippedAgain(changed, 'teacher', card, usual)!);
    // As text, by which the page tells whether a setting differs from the recipe's.
    expect(JSON.stringify(back)).toBe(JSON.stringify(usual));
  },
);

test('a checkpoint that the recipe has not comes back as well', () => {
  const usual = race('mnist-cnn');
  const card = cardOf('mnist-cnn-large');
  const given = race('mnist-cnn-large');
  const changed = withTeacher(given, trainedHere(given, 'teacher', card)!);
  expect(cardedIn(changed, 'teacher', cards, usual)?.card.name).toBe('mnist-cnn-large');
  const again = shippedAgain(changed, 'teacher', card, usual)!;
  expect(again).toEqual(given.models.teacher);
});

test('where the race holds out more digits than the card, so many fewer are learnt on', () => {
  const held = race('mnist-cnn', { validation: 10_000 });
  const card = cardOf('mnist-cnn');
  const changed = withTeacher(held, trainedHere(held, 'teacher', card)!);
  expect(changed.models.teacher?.transfer_set?.digits).toBe(50_000);
  expect(digitsHere(card, changed, 'teacher')).toBe(50_000);
  expect(cardedIn(changed, 'teacher', cards, held)?.isShipped).toBe(false);
});

test('the dropout of the card is trained with, whatever a checkpoint was taken with', () => {
  const card = cardOf('mnist-cnn');
  const plain = race('mnist-cnn');
  const net = { cnn: { channels: [12, 24], kernel: 5, hidden: [96], dropout: 0, input_dropout: 0 } };
  const config = withTeacher(plain, { ...plain.models.teacher!, net } as Config['models'][string]);
  expect(trainedHere(config, 'teacher', card)?.net).toEqual(card.net);
});

test('a model can start from checkpoints of its own network, whatever it leaves out in training', () => {
  const config = race('mnist-cnn');
  const dropping = withTeacher(config, {
    ...config.models.teacher!,
    net: { cnn: { channels: [12, 24], kernel: 5, hidden: [96], dropout: 0.5, input_dropout: 0 } },
  } as Config['models'][string]);
  for (const fitting of [config, dropping]) {
    const names = cards.filter((card) => fitsNetwork(card, fitting, 'teacher')).map(({ name }) => name);
    expect(names).toContain('mnist-cnn');
    expect(names).not.toContain('mnist-mlp-1200');
  }
  expect(fitsNetwork(cardOf('mnist-cnn'), config, 'nobody')).toBe(false);
});

test('a model that is trained otherwise has no card', () => {
  const usual = race('mnist-cnn');
  expect(cardedIn(usual, 'student', cards, usual)).toBeNull();
  expect(cardedIn(usual, 'nobody', cards, usual)).toBeNull();
  const { init: _, ...teacher } = usual.models.teacher!;
  expect(cardedIn(withTeacher(usual, teacher), 'teacher', cards, usual)).toBeNull();
});

test('training takes its steps and, at a third of them a digit, its measuring', () => {
  const card = cardOf('mnist-cnn-1000');
  const { epochs, batch_size } = card.config.training;
  // 1,000 digits in batches of 64 are 16 steps.
  expect(trainingMs(card, 1000, 0, 10)).toBe(epochs * 16 * 10);
  expect(trainingMs(card, 1000, 3 * batch_size, 10)).toBe(epochs * 17 * 10);
});
