import { expect, test } from 'vitest';
import type { Card } from './generated/types';
import type { Lab } from './lab';
import { addOwnTeacher, type OwnTeacher } from './own-teacher';

const TEACHER: OwnTeacher = {
  name: 'own-a',
  net: { mlp: { hidden: [3] } } as OwnTeacher['net'],
  bytes: new Uint8Array(7),
};
const SHIPPED = [{ name: 'shipped' }] as Card[];

/** A lab that takes weights of one digest, or refuses all by `fault`. */
function labOf(fault?: object) {
  const told: { name: string; weights_digest?: string }[][] = [];
  const lab = {
    complete: (config: object) => config,
    costs: () => ({ teacher: { weights: 1 } }),
    tellTeachers: (text: string) => told.push(JSON.parse(text)),
    addTeacher(name: string) {
      const card = told.at(-1)?.find((one) => one.name === name);
      if (fault) throw { code: 'checkpoint_invalid', fault };
      if (card?.weights_digest !== 'abc')
        throw { code: 'checkpoint_invalid', fault: { code: 'digest', found: 'abc' } };
    },
  };
  return { lab: lab as unknown as Lab, told };
}

test('a lab takes it by the digest that it finds itself, beside those that it knew', () => {
  const { lab, told } = labOf();
  const card = addOwnTeacher(lab, TEACHER, SHIPPED);
  expect([card.weights_digest, card.file_bytes, card.command]).toEqual(['abc', 7, '']);
  expect(told.at(-1)?.map(({ name }) => name)).toEqual(['shipped', 'own-a']);
});

test('one that does not fit is refused as the lab says, and forgotten', () => {
  const fault = { code: 'tensor', tensor: 'layers.0.weight' };
  const { lab, told } = labOf(fault);
  expect(() => addOwnTeacher(lab, TEACHER, SHIPPED)).toThrow(expect.objectContaining({ fault }));
  expect(told.at(-1)?.map(({ name }) => name)).toEqual(['shipped']);
});
