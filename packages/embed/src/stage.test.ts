import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { Stage } from './stage.js';

class Player {
  isOn = false;
  retire(): void {
    this.isOn = false;
  }
}

it('has one at most, whoever comes and goes, and tells the one before', () => {
  const act = fc.record({ player: fc.nat(3), comes: fc.boolean() });
  fc.assert(
    fc.property(fc.array(act), (acts) => {
      const stage = new Stage();
      const players = Array.from({ length: 4 }, () => new Player());
      for (const { player: place, comes } of acts) {
        const player = players[place]!;
        if (comes) {
          stage.take(player);
          player.isOn = true;
        } else {
          stage.leave(player);
          player.isOn = false;
        }
        const on = players.filter(({ isOn }) => isOn);
        expect(on.length).toBeLessThanOrEqual(1);
        expect(on.length === 0).toBe(stage.isFree);
        expect(on.every((one) => stage.has(one))).toBe(true);
      }
    }),
  );
});

it('tells nobody who takes the place again', () => {
  const stage = new Stage();
  let told = 0;
  const player = { retire: () => (told += 1) };
  stage.take(player);
  stage.take(player);
  expect(told).toBe(0);
});
