import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lists, Rankings, Streams, Values } from '@helios/shared/contracts/catalog.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { aBook, aSignal, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis, type FakeRedisWithBuses } from '@helios/shared/testing/fake-bus.ts';
import { createFakeClock } from '@helios/shared/testing/fake-clock.ts';
import { type ServiceUnderTest, startOnFakeBus } from '@helios/shared/testing/start-on-fake-bus.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decisionLogger } from '../src/service.ts';

const DAY = 86_400_000;
let folder: string;
let fake: FakeRedisWithBuses;
let running: ServiceUnderTest<'decision-logger'> | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'helios-logger-'));
  fake = createFakeRedis();
});
afterEach(async () => {
  await running?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(nowMs: number): Promise<void> {
  await running?.stop();
  const system = { data_dir: folder, log_dir: join(folder, 'logs') };
  const simulation = { mode: 'LF_LIMIT', position_size: 0.01 } as const;
  const settings = defaultSettings({ simulation, fees: { slippage_bp: 0 }, system });
  running = await startOnFakeBus(decisionLogger, { fake, settings, clock: createFakeClock(nowMs) });
}

async function decisionOn(signal: TradingSignal) {
  await fake.bus('signal-engine').write((batch) => batch.append(Streams.signals, signal));
  await fake.settle();
  return (await fake.bus('dashboard-api').getList(Lists.decisionLogs, 1))[0];
}

/** A LONG at 100, entered by hand; the fleet is then down until `T0 + 1 day`. */
async function returnToLong(watchlist: Record<string, number>): Promise<void> {
  const venue = fake.bus('public-price-ingestor');
  await venue.write((batch) => batch.setRanking(Rankings.watchlist, watchlist));
  await start(T0);
  await decisionOn(aSignal({ origin: 'EXTERNAL' }));
  // 99.9 bid, 100.1 ask.
  await venue.write((batch) => batch.set(Values.orderbook, aBook(), { symbol: 'BTCUSDT' }));
  await start(T0 + DAY);
}

const exitAt = (entry_price: number) =>
  aSignal({ signal_id: 'exit', direction: 'EXIT_LONG', exit_reason: 'TIME_EXIT', entry_price, timestamp: T0 + DAY });

describe('after a start, our own exit without a quote', () => {
  it.each([
    ['of a watched symbol', { BTCUSDT: 1 }],
    ['of one that nobody watches any more', { ETHUSDT: 1 }],
  ])('%s is not better than the last book, a day old', async (_, watchlist) => {
    await returnToLong(watchlist);
    expect(await decisionOn(exitAt(100))).toMatchObject({ outcome: 'CLOSED', fill_price: 99.9, liquidity: 'TAKER' });
  });

  it('is not better than its own price either', async () => {
    await returnToLong({ BTCUSDT: 1 });
    expect(await decisionOn(exitAt(97))).toMatchObject({ outcome: 'CLOSED', fill_price: 97 });
  });
});
