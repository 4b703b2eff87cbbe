import { expect, test } from 'vitest';
import { CallQueue } from './queue';

test('calls run one after another, in order, and a failed one stops none', async () => {
  const queue = new CallQueue();
  const log: string[] = [];
  const slow = queue.run(async () => {
    log.push('slow begins');
    await new Promise((resolve) => setTimeout(resolve, 5));
    log.push('slow ends');
    throw new Error('failed');
  });
  const fast = queue.run(() => log.push('fast'));
  await expect(slow).rejects.toThrow('failed');
  await fast;
  expect(log).toEqual(['slow begins', 'slow ends', 'fast']);
});
