import { Maps, Records } from '@helios/shared/contracts/catalog.ts';
import { aMode, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { afterEach, expect, test } from 'vitest';
import { BTC, bookOf, closeEngineHarnesses, openEngineHarness, RUN } from './engine-harness.ts';

const HOUR_MS = 3_600_000;
const back = T0 - HOUR_MS;
const settings = defaultSettings({
  signals: { min_book_history_sec: 0, confirmation_count: 1, refusal_log_interval_sec: 10 },
});

afterEach(closeEngineHarnesses);

test('the engine continues with the new time, refusals and regime included, and logs it once', async () => {
  const harness = await openEngineHarness({ settings });
  await harness.book(bookOf(-0.8));
  await harness.book(bookOf(-0.8, T0 + 100));
  harness.clock.set(back);
  await harness.book(bookOf(-0.8, back));
  await harness.book(bookOf(-0.8, back + 100));

  const times = harness.refusals.map((report) => report.kind === 'REFUSED' && report.decision.timestamp);
  expect(times).toEqual([T0 + 100, back]);
  expect(harness.refusals[1]).toMatchObject({ decision: { refused_by: 'COOLDOWN' } });
  const regime = await harness.fake.bus('dashboard-api').getRecord(Records.marketRegime, { symbol: BTC });
  expect(regime?.updated_ts).toBe(back);
  const lines = harness.service.lines.filter(({ message }) => message === 'the clock was set back');
  expect(lines).toMatchObject([{ level: 'warn', fields: { set_back_ms: HOUR_MS + 100 } }]);
});

test('a cooldown stored in the future restarts at the start, with its own length', async () => {
  const fake = createFakeRedis();
  const logger = fake.bus('signal-engine');
  await logger.write((batch) =>
    batch.setField(Maps.lastEntries, BTC, { run: RUN, signal_id: 'entry-1', timestamp: T0 + HOUR_MS }),
  );
  const harness = await openEngineHarness({ fake, settings, mode: aMode() });
  const afterMs = settings.signals.cooldown_sec * 1_000;
  harness.clock.set(T0 + afterMs - 1);
  await harness.book(bookOf(-0.8, T0 + afterMs - 1));
  expect(harness.signals).toEqual([]);
  harness.clock.set(T0 + afterMs);
  await harness.book(bookOf(-0.8, T0 + afterMs));
  expect(harness.signals).toMatchObject([{ direction: 'LONG', timestamp: T0 + afterMs }]);
});
