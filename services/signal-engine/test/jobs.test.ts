import { Channels, Maps, Rankings, Records } from '@helios/shared/contracts/catalog.ts';
import { RefusalReport } from '@helios/shared/domain/decision.ts';
import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import { aMode, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { createFakeClock } from '@helios/shared/testing/fake-clock.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { expect, test } from 'vitest';
import { createSignalEngine } from '../src/service.ts';
import { aPosition, BTC, bookOf, drawProjection, eager, lockStep } from './engine-harness.ts';

type Job = () => void | Promise<void>;

/** signal-engine with a position; the test runs its jobs. */
async function startByHand(mode: FleetMode) {
  const fake = createFakeRedis();
  const clock = createFakeClock(T0);
  const jobs = new Map<string, Job>();
  await fake.bus('data-ingestor').write((batch) => batch.setRanking(Rankings.watchlist, { [BTC]: 1 }));
  await fake.bus('decision-logger').write((batch) => {
    batch.setField(Maps.openPositions, 'BTCUSDT:LONG', aPosition());
    drawProjection(batch);
  });
  await createSignalEngine({ wall: clock }).start({
    bus: fake.bus('signal-engine'),
    clock,
    settings: eager,
    mode,
    log: silentLog,
    every: (name, _, job) => void jobs.set(name, job),
    onStop: () => {},
    observeAge: () => {},
  });
  const run = async (names: Iterable<string>) => {
    for (const name of names) await jobs.get(name)?.();
    await fake.settle();
  };
  const signals = () => fake.stream('signals').messages.length;
  return { fake, clock, jobs, run, signals };
}

test('time on the machine’s clock closes a position, except in lock-step, where only frames move time', async () => {
  for (const [mode, expected] of [
    [aMode(), 1],
    [lockStep, 0],
  ] as const) {
    const { clock, jobs, run, signals } = await startByHand(mode);
    clock.advance(1_800_000);
    await run(jobs.keys());
    expect(signals()).toBe(expected);
  }
});

test('sentiments are read repeatedly, except in a replay, which has none', async () => {
  const { fake, run } = await startByHand(aMode());
  const sentiment = { score: -0.9, count: 5, source: 'reddit', updated_ts: T0 };
  await fake
    .bus('reddit-ingestor')
    .write((batch) => batch.setRecord(Records.sentiment, sentiment, { symbol: 'global' }));
  await run(['read sentiment']);
  await fake
    .bus('data-ingestor')
    .write((batch) => batch.publish(Channels.books, bookOf(-0.8, T0 + 100), { symbol: BTC }));
  await fake.settle();
  const [refusal] = fake.stream('refusals').messages;
  const report = RefusalReport.parse(JSON.parse(refusal?.text ?? '{}'));
  const gates = report.kind === 'REFUSED' ? report.decision.gates : [];
  expect(gates?.find(({ gate }) => gate === 'SENTIMENT')?.outcome).toBe('REFUSED');
  expect((await startByHand(lockStep)).jobs.has('read sentiment')).toBe(false);
});
