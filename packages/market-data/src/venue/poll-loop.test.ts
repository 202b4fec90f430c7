import { RateGovernor } from '@helios/binance/rest/rate-governor.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { type PollJob, PollLoop } from './poll-loop.ts';

/** A loop whose time advances by its own waits; `rounds` are the times at which its job ran. */
function createLoop() {
  const harness = { now: T0, waits: 0 };
  const rounds: number[] = [];
  const now = (): number => harness.now;
  const job: PollJob = {
    name: 'book',
    urgency: 1,
    weight: 1,
    keepFree: 0,
    dueAfter: (begunTs) => (begunTs === undefined ? now() : begunTs + 1_000),
    run: async () => void rounds.push(now()),
  };
  const loop = new PollLoop({
    governor: new RateGovernor({ now, share: 1 }),
    now,
    wait: async (ms) => {
      harness.now += ms;
      harness.waits += 1;
    },
  });
  loop.setJobs([job]);
  return { loop, harness, rounds };
}

test('a job runs when it is due', async () => {
  const { loop, harness, rounds } = createLoop();
  await loop.run(() => harness.now >= T0 + 5_000);
  expect(rounds.map((ts) => ts - T0)).toEqual([0, 1_000, 2_000, 3_000, 4_000]);
});

test('a clock set back by an hour delays nothing for that hour', async () => {
  const { loop, harness, rounds } = createLoop();
  await loop.run(() => rounds.length === 3);
  const backTs = harness.now - 3_600_000;
  harness.now = backTs;
  harness.waits = 0;
  await loop.run(() => rounds.length === 6 || harness.waits > 1_000);
  expect(rounds.slice(3).map((ts) => ts - backTs)).toEqual([0, 1_000, 2_000]);
});
