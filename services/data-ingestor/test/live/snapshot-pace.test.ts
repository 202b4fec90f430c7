import { expect, test } from 'vitest';
import { SnapshotPace } from '../../src/live/snapshot-pace.ts';

test('a book that breaks again and again is asked for ever more rarely, at least once a minute, and each symbol by itself', () => {
  let now = 0;
  const pace = new SnapshotPace(() => now);
  const asked: number[] = [];
  for (; now < 600_000; now += 100) {
    if (!pace.mayAsk('BTCUSDT')) continue;
    asked.push(now);
    pace.onAsked('BTCUSDT');
  }
  expect(asked.slice(0, 9)).toEqual([0, 1_000, 3_000, 7_000, 15_000, 31_000, 63_000, 123_000, 183_000]);
  expect(pace.mayAsk('ETHUSDT')).toBe(true);
});

test('a book that held for two minutes begins anew', () => {
  let now = 0;
  const pace = new SnapshotPace(() => now);
  for (const at of [0, 1_000, 3_000]) {
    now = at;
    pace.onAsked('BTCUSDT');
  }
  now = 3_000 + 120_000;
  pace.onAsked('BTCUSDT');
  now += 999;
  expect(pace.mayAsk('BTCUSDT')).toBe(false);
  now += 1;
  expect(pace.mayAsk('BTCUSDT')).toBe(true);
});
