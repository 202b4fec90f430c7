import { expect, test } from 'vitest';
import { CommandQueue } from './command-queue.ts';

test('jobs of one key run in order, those of others beside them, and none within the call', async () => {
  const queue = new CommandQueue(() => {});
  const seen: string[] = [];
  const gate = Promise.withResolvers<void>();
  queue.add('a', async () => {
    seen.push('a1');
    await gate.promise;
    seen.push('a1 done');
  });
  queue.add('a', async () => void seen.push('a2'));
  queue.add('b', async () => void seen.push('b1'));
  expect(seen).toEqual([]);
  await Promise.resolve();
  expect(seen).toEqual(['a1', 'b1']);
  gate.resolve();
  await queue.idle();
  expect(seen).toEqual(['a1', 'b1', 'a1 done', 'a2']);
});

test('an error is reported, and later jobs of the key run', async () => {
  const errors: unknown[] = [];
  const queue = new CommandQueue((error) => errors.push(error));
  const seen: string[] = [];
  queue.add('a', async () => {
    throw new Error('boom');
  });
  queue.add('a', async () => void seen.push('a2'));
  await queue.idle();
  expect([errors, seen]).toEqual([[new Error('boom')], ['a2']]);
});
