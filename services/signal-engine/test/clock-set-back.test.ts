import { Maps, Records } from '@helios/shared/contracts/catalog.ts';
import { aMode, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { createFakeClock } from '@helios/shared/testing/fake-clock.ts';
import { afterEach, expect, test } from 'vitest';
import { createSilentEntries } from '../src/silent-entries.ts';
import { BTC, bookOf, closeWorlds, openWorld, RUN } from './engine-world.ts';

const HOUR_MS = 3_600_000;
const back = T0 - HOUR_MS;
const settings = defaultSettings({
  signals: { min_book_history_sec: 0, confirmation_count: 1, refusal_log_interval_sec: 10 },
});

afterEach(closeWorlds);

test('the engine goes on by the new time, refusals and regime included, and says so once', async () => {
  const world = await openWorld({ settings });
  await world.book(bookOf(-0.8));
  await world.book(bookOf(-0.8, T0 + 100));
  world.clock.set(back);
  await world.book(bookOf(-0.8, back));
  await world.book(bookOf(-0.8, back + 100));

  const times = world.refusals.map((report) => report.kind === 'REFUSED' && report.decision.timestamp);
  expect(times).toEqual([T0 + 100, back]);
  expect(world.refusals[1]).toMatchObject({ decision: { refused_by: 'COOLDOWN' } });
  const regime = await world.fake.bus('dashboard-api').getRecord(Records.marketRegime, { symbol: BTC });
  expect(regime?.updated_ts).toBe(back);
  const lines = world.service.lines.filter(({ message }) => message === 'the clock was set back');
  expect(lines).toMatchObject([{ level: 'warn', fields: { set_back_ms: HOUR_MS + 100 } }]);
});

test('a cooldown that was stored in the future begins again at the start, at its own length', async () => {
  const fake = createFakeRedis();
  const logger = fake.bus('signal-engine');
  await logger.write((batch) =>
    batch.setField(Maps.lastEntries, BTC, { run: RUN, signal_id: 'entry-1', timestamp: T0 + HOUR_MS }),
  );
  const world = await openWorld({ fake, settings, mode: aMode() });
  await world.positions([], { ts_event: T0 + 70_000 });
  const afterMs = settings.signals.cooldown_sec * 1_000;
  world.clock.set(T0 + afterMs - 1);
  await world.book(bookOf(-0.8, T0 + afterMs - 1));
  expect(world.signals).toEqual([]);
  world.clock.set(T0 + afterMs);
  await world.book(bookOf(-0.8, T0 + afterMs));
  expect(world.signals).toMatchObject([{ direction: 'LONG', timestamp: T0 + afterMs }]);
});

test('an entry of which nothing is heard is looked for after its time, not after that of the old clock', () => {
  const clock = createFakeClock(T0);
  const entries = createSilentEntries(clock);
  entries.overdue(['entry-1']);
  clock.set(back);
  expect(entries.overdue(['entry-1'])).toBe(false);
  clock.advance(64_999);
  expect(entries.overdue(['entry-1'])).toBe(false);
  clock.advance(1);
  expect(entries.overdue(['entry-1'])).toBe(true);
});
