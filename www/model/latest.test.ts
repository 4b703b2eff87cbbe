import { describe, expect, it } from 'vitest';

import { Latest } from './latest';

function setUp() {
  const asked: number[] = [];
  const answers: number[] = [];
  const failures: unknown[] = [];
  const open: (() => void)[] = [];
  const latest = new Latest<number, number>(
    (question) => {
      asked.push(question);
      return new Promise((resolve, reject) => {
        open.push(() => (question < 0 ? reject(new Error('no')) : resolve(question * 10)));
      });
    },
    (answer) => answers.push(answer),
    (reason) => failures.push(reason),
  );
  const answer = async (): Promise<void> => {
    open.shift()?.();
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  return { latest, asked, answers, failures, answer };
}

describe('Latest', () => {
  it('has one question under way and skips all but the newest that wait', async () => {
    const { latest, asked, answers, answer } = setUp();
    for (const question of [1, 2, 3, 4]) latest.put(question);
    expect(asked).toEqual([1]);
    await answer();
    await answer();
    expect(asked).toEqual([1, 4]);
    expect(answers).toEqual([10, 40]);
  });

  it('goes on after a failure', async () => {
    const { latest, answers, failures, answer } = setUp();
    latest.put(-1);
    latest.put(5);
    await answer();
    await answer();
    expect(failures).toHaveLength(1);
    expect(answers).toEqual([50]);
  });

  it('does not ask what was withdrawn', async () => {
    const { latest, asked, answer } = setUp();
    latest.put(1);
    latest.put(2);
    latest.withdraw();
    await answer();
    expect(asked).toEqual([1]);
  });
});
