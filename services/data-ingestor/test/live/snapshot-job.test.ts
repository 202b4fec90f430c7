import type { Endpoint } from '@helios/binance/rest/endpoint.ts';
import { RateGovernor } from '@helios/binance/rest/rate-governor.ts';
import type { RestAnswer } from '@helios/binance/rest/rest-answer.ts';
import { PollLoop } from '@helios/market-data/venue/poll-loop.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import type { LiveSymbol } from '../../src/live/live-symbol.ts';
import { createSnapshotJobs, type SnapshotJobsOptions } from '../../src/live/snapshot-job.ts';
import type { SnapshotCause } from '../../src/live/snapshot-pace.ts';

const WEIGHT = 20;

/** A symbol whose book a test breaks; a snapshot repairs it. */
function breakable(symbol: string) {
  return { symbol, isRefused: false, snapshotCause: undefined as SnapshotCause | undefined };
}

/** The snapshot jobs of some symbols, in a loop whose time advances by its own waits. The budget is 60 % of `limitPerMinute`. */
function createJobs(names: readonly string[], { held = [] as string[], limitPerMinute = 2_400 } = {}) {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const world = {
    now: T0,
    asked: [] as { readonly symbol: string; readonly atMs: number }[],
    /** Symbols without answers, and (below) those that the venue refuses. */
    stuck: new Set<string>(),
    refused: new Set<string>(),
    release,
  };
  const now = (): number => world.now;
  const governor = new RateGovernor({ now, share: 0.6, limitPerMinute });
  const symbols = names.map(breakable);
  async function ask<P, T>(endpoint: Endpoint<P, T>, params: P): Promise<RestAnswer<T>> {
    const { symbol } = params as { symbol: string };
    const ticket = governor.begin(endpoint.weight(params));
    if (ticket === undefined) throw new Error('asked for beyond the budget');
    governor.end(ticket);
    world.asked.push({ symbol, atMs: world.now });
    if (world.stuck.has(symbol)) await released;
    return { kind: 'OK', value: { symbol } as T, tsSent: world.now, tsReceived: world.now };
  }
  const isAnswer = (_: unknown, { symbol }: { symbol: string }) => !world.refused.has(symbol);
  const venue = {
    rest: { ask },
    isAnswer,
    isExposed: (symbol: string) => held.includes(symbol),
    publish: async () => {},
  };
  const jobs = createSnapshotJobs({ venue: venue as unknown as SnapshotJobsOptions['venue'], now });
  const loop = new PollLoop({
    governor,
    now,
    wait: async (ms) => {
      world.now += ms;
    },
  });
  const live = symbols.map((one) =>
    Object.assign(one, {
      onSnapshot() {
        one.snapshotCause = undefined;
        return [];
      },
    }),
  );
  loop.setJobs(jobs(live as unknown as LiveSymbol[]));
  return Object.assign(world, {
    symbols,
    governor,
    pass: async (ms: number) => {
      const until = world.now + ms;
      const over = Promise.withResolvers<void>();
      const isOver = () => {
        if (world.now >= until) over.resolve();
        return world.now >= until;
      };
      // A round without an answer prevents the end of the loop.
      await Promise.race([loop.run(isOver), over.promise]);
    },
    /** Breaks a book; returns the time until its snapshot was requested, undefined if that takes longer than `ms`. */
    async breakFor(symbol: string, cause: SnapshotCause, ms = 2_000): Promise<number | undefined> {
      const brokenMs = world.now;
      for (const one of symbols) if (one.symbol === symbol) one.snapshotCause = cause;
      const from = world.asked.length;
      await this.pass(ms);
      const answer = world.asked.slice(from).find((one) => one.symbol === symbol);
      return answer === undefined ? undefined : answer.atMs - brokenMs;
    },
  });
}

test('within the budget each gap is answered by one snapshot within 150 ms, with or without earlier cuts and crossed books', async () => {
  const world = createJobs(['BTCUSDT', 'ETHUSDT']);
  for (const cause of ['OPENED', 'OPENED', 'CROSSED', 'OPENED', 'GAP', 'GAP', 'GAP', 'GAP', 'GAP'] as const) {
    expect(await world.breakFor('BTCUSDT', cause), cause).toBeLessThanOrEqual(150);
  }
  expect(world.asked).toHaveLength(9);
  // Every ten seconds, for any time.
  for (let round = 0; round < 30; round += 1) {
    expect(await world.breakFor('BTCUSDT', 'GAP', 10_000), `gap ${round}`).toBeLessThanOrEqual(150);
  }
  expect(world.asked).toHaveLength(39);
});

test('a symbol with a position comes first, and gets the budget that the others leave', async () => {
  // A budget of weight 200: ten snapshots a minute, one of them reserved for symbols with positions.
  const names = Array.from({ length: 12 }, (_, i) => `C${i}USDT`);
  const world = createJobs([...names, 'HELDUSDT'], { held: ['HELDUSDT'], limitPerMinute: 334 });
  for (const one of world.symbols) one.snapshotCause = 'GAP';
  await world.pass(1_000);
  expect(world.asked[0]?.symbol).toBe('HELDUSDT');
  expect(world.asked).toHaveLength(9);
  expect(await world.breakFor('HELDUSDT', 'GAP')).toBeLessThanOrEqual(150);
  expect(world.asked).toHaveLength(10);
  expect(world.governor.used).toBe(10 * WEIGHT);
  // The next minute has a new budget.
  await world.pass(60_000);
  expect(new Set(world.asked.map(({ symbol }) => symbol)).size).toBe(13);
});

test('a missing answer delays no other symbol', async () => {
  const world = createJobs(['BTCUSDT', 'ETHUSDT']);
  world.stuck.add('ETHUSDT');
  await world.breakFor('ETHUSDT', 'GAP');
  expect(await world.breakFor('BTCUSDT', 'GAP')).toBeLessThanOrEqual(150);
  world.release();
});

test('a symbol that the venue refuses waits longer each time, and the others do not', async () => {
  const world = createJobs(['BTCUSDT', 'ETHUSDT']);
  world.refused.add('ETHUSDT');
  await world.breakFor('ETHUSDT', 'GAP', 20_000);
  const atMs = world.asked.map((one) => one.atMs - T0);
  expect(atMs).toHaveLength(5);
  for (const [i, expected] of [0, 1_000, 3_000, 7_000, 15_000].entries()) {
    expect(atMs[i]).toBeGreaterThanOrEqual(expected);
    expect(atMs[i]).toBeLessThanOrEqual(expected + 500);
  }
  expect(await world.breakFor('BTCUSDT', 'GAP')).toBeLessThanOrEqual(150);
});
