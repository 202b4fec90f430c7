import { expect, test } from 'vitest';
import { type SnapshotCause, SnapshotPace } from '../../src/live/snapshot-pace.ts';

/** A pace with a settable clock, and the request times of a book that breaks again at once. */
function createPace() {
  const world = { now: 0 };
  const pace = new SnapshotPace(() => world.now);
  function askedWithin(ms: number, cause: SnapshotCause, symbol = 'BTCUSDT'): number[] {
    const from = world.now;
    const asked: number[] = [];
    for (; world.now < from + ms; world.now += 100) {
      if (!pace.mayAsk(symbol, cause)) continue;
      asked.push(world.now - from);
      pace.onAsked(symbol, cause);
    }
    return asked;
  }
  return Object.assign(world, { pace, askedWithin });
}

test('a gap every ten seconds is repaired at once, for hours', () => {
  const world = createPace();
  for (; world.now < 2 * 3_600_000; world.now += 10_000) {
    expect(world.pace.mayAsk('BTCUSDT', 'GAP'), `${world.now}`).toBe(true);
    world.pace.onAsked('BTCUSDT', 'GAP');
  }
});

test.each<[SnapshotCause, number[], number]>([
  ['OPENED', [0, 100, 200, 10_000, 20_000], 3 + 59],
  ['GAP', [0, 100, 200, 300, 400, 10_000, 20_000], 5 + 59],
  ['CROSSED', [0, 1_000, 30_000, 60_000], 2 + 19],
  ['STALE', [0, 300, 600, 900, 1_200, 5_000, 10_000], 5 + 119],
])('a book that breaks again at once by %s is requested at growing intervals', (cause, first, inTenMinutes) => {
  const asked = createPace().askedWithin(600_000, cause);
  expect(asked.slice(0, first.length)).toEqual(first);
  expect(asked).toHaveLength(inTenMinutes);
});

test('cuts, crossed books and stale snapshots do not delay the answer to a gap, nor does another symbol', () => {
  const world = createPace();
  for (const cause of ['OPENED', 'CROSSED', 'STALE'] as const) world.askedWithin(5_000, cause);
  world.askedWithin(5_000, 'GAP', 'ETHUSDT');
  expect(world.pace.mayAsk('BTCUSDT', 'GAP')).toBe(true);
});

test('a failed request doubles the wait, up to a minute, and an answer ends that', () => {
  const world = createPace();
  const asked: number[] = [];
  for (; world.now < 200_000; world.now += 100) {
    if (!world.pace.mayAsk('BTCUSDT', 'GAP')) continue;
    asked.push(world.now);
    world.pace.onAsked('BTCUSDT', 'GAP');
    world.pace.onFailure('BTCUSDT');
  }
  expect(asked).toEqual([0, 1_000, 3_000, 7_000, 15_000, 31_000, 63_000, 123_000, 183_000]);
  world.pace.onAnswer('BTCUSDT');
  expect(world.pace.mayAsk('BTCUSDT', 'GAP')).toBe(true);
});

test('a clock that is set back blocks no symbol', () => {
  const world = createPace();
  world.now = 3_600_000;
  world.askedWithin(5_000, 'GAP');
  world.pace.onFailure('BTCUSDT');
  world.now = 0;
  expect(world.pace.mayAsk('BTCUSDT', 'GAP')).toBe(true);
});
