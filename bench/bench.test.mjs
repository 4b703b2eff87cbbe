import { describe, expect, test } from 'vitest';
import { netOf } from './networks.mjs';
import { distance, median } from './numbers.mjs';
import { optionsOf } from './options.mjs';
import { replaced } from './report.mjs';

describe('options', () => {
  test('defaults, also for empty variables, which make exports', () => {
    const options = optionsOf({ WIDTHS: '', REPEATS: ' ' });
    expect(options.WIDTHS).toEqual(['30', '300', '800', '1200', 'cnn', 'vit', 'vit-64', 'rnn', 'rnn-64']);
    expect(options.REPEATS).toBe(5);
    expect(options.ENGINES).toContain('distillery');
  });
  test('lists may be separated by commas, and name each thing once', () => {
    expect(optionsOf({ WIDTHS: '30,300 30' }).WIDTHS).toEqual(['30', '300']);
  });
  test.each([
    [{ WIDTHS: '0' }, /WIDTHS="0".*1 to 2048, and cnn/],
    [{ WIDTHS: '30 wide' }, /WIDTHS/],
    [{ GPU_WIDTHS: '3000' }, /GPU_WIDTHS/],
    [{ BATCH: '1e3' }, /BATCH="1e3".*1 to 2048/],
    [{ REPEATS: '0' }, /REPEATS.*1 to 100/],
    [{ ENGINES: 'torch' }, /ENGINES="torch".*distillery, tfjs, jax-js/],
    [{ BACKENDS: 'webgl' }, /BACKENDS.*cpu, webgpu/],
    [{ ADAPTER: 'none' }, /ADAPTER.*swiftshader, hardware/],
    [{ ISOLATED: '1' }, /ISOLATED.*no, yes/],
  ])('%o is refused with what is allowed', (environment, message) => {
    expect(() => optionsOf(environment)).toThrow(message);
  });
  test('a width is two layers of it', () => {
    expect(netOf('30')).toMatchObject({ name: 'MLP 784-30-30-10', net: { mlp: { hidden: [30, 30] } } });
  });
});

test('medians and distances', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(distance([1, 2.2], [1, 2])).toBeCloseTo(0.1);
  expect(distance([1, Number.NaN], [1, 2])).toBeNaN();
});

test('results go between the markers and nowhere else', () => {
  const document = (text) => `before\n<!-- bench:begin -->\n${text}\n<!-- bench:end -->\nafter\n`;
  expect(replaced(document('old'), 'new')).toBe(document('new'));
  expect(() => replaced('no markers', 'new')).toThrow(/lacks/);
});
