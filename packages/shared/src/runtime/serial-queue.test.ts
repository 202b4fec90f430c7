import { expect, test } from 'vitest';
import { createSerialQueue } from './serial-queue.ts';

/** Work that ends when the test says so. */
function openWork() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { work: () => promise, resolve, reject };
}

test('the next piece starts when the previous one has ended, and each caller gets its own answer', async () => {
  const inTurn = createSerialQueue();
  const first = openWork();
  const begun: string[] = [];
  const one = inTurn(() => first.work());
  const two = inTurn(() => {
    begun.push('two');
    return 2;
  });
  await new Promise(setImmediate);
  expect(begun).toEqual([]);
  first.resolve('one');
  expect(await Promise.all([one, two])).toEqual(['one', 2]);
  expect(begun).toEqual(['two']);
});

test('a failed piece fails only for its caller', async () => {
  const inTurn = createSerialQueue();
  const failed = inTurn(() => Promise.reject(new Error('no')));
  const thrown = inTurn(() => {
    throw new Error('never');
  });
  const next = inTurn(() => 'done');
  await expect(failed).rejects.toThrow('no');
  await expect(thrown).rejects.toThrow('never');
  expect(await next).toBe('done');
});
