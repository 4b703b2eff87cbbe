import { expect, test } from 'vitest';
import type { Config } from '../engine/generated/types';
import { taughtBy, teacherToReplace } from './own-teacher';
import { teacherIn } from './teacher-file';

/** A file of tensors of no values, which have nothing but shapes. */
function fileOf(
  shapes: Record<string, number[]>,
  metadata?: Record<string, string>,
): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(shapes).map(([name, shape]) => [
    name,
    { dtype: 'F32', shape, data_offsets: [0, 0] },
  ]);
  const json = new TextEncoder().encode(
    JSON.stringify({ ...(metadata && { __metadata__: metadata }), ...Object.fromEntries(entries) }),
  );
  const file = new Uint8Array(8 + json.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  return file;
}

const layer = (at: number, ...weight: number[]): Record<string, number[]> => ({
  [`layers.${at}.weight`]: weight,
  [`layers.${at}.bias`]: [weight.length === 4 ? weight[0]! : weight[1]!],
});

test('a file says what its network is, or its shapes do', () => {
  const told = fileOf({}, { net: '{"vit":{"blocks":2}}' });
  expect(teacherIn('a.safetensors', told).net).toEqual({ vit: { blocks: 2 } });
  expect(teacherIn('a', fileOf({ ...layer(0, 784, 30), ...layer(1, 30, 10) })).net).toEqual({
    mlp: { hidden: [30] },
  });
  const convolutional = {
    ...layer(0, 8, 1, 5, 5),
    ...layer(1, 16, 8, 5, 5),
    ...layer(2, 256, 40),
    ...layer(3, 40, 10),
  };
  expect(teacherIn('a', fileOf(convolutional)).net).toEqual({
    cnn: { channels: [8, 16], kernel: 5, hidden: [40] },
  });
});

test('weights the other way round are still as wide as their biases', () => {
  const turned = { 'layers.0.weight': [30, 784], 'layers.0.bias': [30], ...layer(1, 30, 10) };
  expect(teacherIn('a', fileOf(turned)).net).toEqual({ mlp: { hidden: [30] } });
});

test('other files are refused, by the tensor that is missing', () => {
  const refusal = (file: Uint8Array<ArrayBuffer>): unknown => {
    try {
      return teacherIn('x.safetensors', file);
    } catch (thrown) {
      return thrown;
    }
  };
  expect(refusal(new Uint8Array(9))).toMatchObject({ code: 'checkpoint_invalid', fault: { code: 'format' } });
  const pytorch = fileOf({ 'fc1.weight': [30, 784], 'fc1.bias': [30] });
  expect(refusal(pytorch)).toMatchObject({ name: 'x.safetensors', fault: { tensor: 'layers.0.weight' } });
});

test('another file of the same name has another name here', () => {
  const [one, other] = [fileOf(layer(0, 784, 10)), fileOf({ ...layer(0, 784, 20), ...layer(1, 20, 10) })];
  const names = [one, other, one].map((file) => teacherIn('My net (2).safetensors', file).name);
  expect(names[0]).toMatch(/^own-My-net-2--[0-9a-f]{8}$/);
  expect(new Set(names).size).toBe(2);
});

test('it takes the place of the first teacher, and trains no more', () => {
  const config = {
    models: {
      teacher: { net: { mlp: { hidden: [9] } }, training: { epochs: 3 }, objective: { temperature: 1 } },
      student: { net: { mlp: { hidden: [5] } }, learns_from: [{ model: 'teacher' }] },
    },
  } as unknown as Config;
  expect(teacherToReplace(config)).toBe('teacher');
  expect(teacherToReplace(null)).toBe(null);
  const teacher = teacherIn('a', fileOf({ ...layer(0, 784, 30), ...layer(1, 30, 10) }));
  expect(taughtBy(config.models.teacher, teacher)).toEqual({
    net: { mlp: { hidden: [30] } },
    objective: { temperature: 1 },
    init: { pretrained: teacher.name },
  });
});
