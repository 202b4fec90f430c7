import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lists, Maps, Rankings, Streams, Values } from '@helios/shared/contracts/catalog.ts';
import type { ServiceName } from '@helios/shared/domain/fleet.ts';
import type { SectionName } from '@helios/shared/domain/settings.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import type { ServiceDefinition } from '@helios/shared/runtime/service.ts';
import { startService } from '@helios/shared/runtime/start-service.ts';
import { aBook, aMode, aSignal, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createFakeClock } from '@helios/shared/testing/fake-clock.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { startTestRedis, type TestRedis } from '@helios/shared/testing/test-redis.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decisionLogger } from '../services/decision-logger/src/service.ts';
import { createSignalEngine } from '../services/signal-engine/src/service.ts';

const ETH = 'ETHUSDT';
const HOURS = 3_600_000;
const mode = aMode({ mode: 'public', network: 'mainnet' });
const clock = createFakeClock(T0);
const cleanups: (() => unknown)[] = [];
let redis: TestRedis;
let folder: string;

beforeEach(async () => {
  redis = await startTestRedis();
  folder = mkdtempSync(join(tmpdir(), 'helios-silent-'));
  cleanups.push(
    () => redis.stop(),
    () => rmSync(folder, { recursive: true, force: true }),
  );
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

const connect = async <P extends Parameters<typeof connectBus>[0]>(name: P) => {
  const bus = await connectBus<P>(name, { host: redis.host, port: redis.port, db: 0, log: silentLog });
  cleanups.push(() => bus.close());
  return bus;
};

/** A service as its host starts it, on the test's clock. */
async function start<P extends ServiceName, S extends SectionName>(definition: ServiceDefinition<P, S>) {
  // Without slippage a fill is at the price of the book.
  const fees = { slippage_bp: 0 };
  const settings = defaultSettings({ fees, system: { data_dir: folder, log_dir: join(folder, 'logs') } });
  const faults: unknown[] = [];
  const onFault = (error: unknown) => void faults.push(error);
  const bus = await connect(definition.name);
  const service = await startService(definition, { bus, clock, settings, mode, log: silentLog, onFault });
  cleanups.push(async () => {
    await service.stop();
    expect(faults).toEqual([]);
  });
  return service;
}

test('a fleet that was down past the holding time, and starts while the venue is away, hides no loss', async () => {
  const venue = await connect('public-price-ingestor');
  const engine = await connect('signal-engine');
  const page = await connect('dashboard-api');
  await venue.write((batch) => batch.setRanking(Rankings.watchlist, { [ETH]: 1 }));
  const logger = await start(decisionLogger);
  const entry = aSignal({ symbol: ETH, entry_price: 3395.39, quote: { bid: 3395.38, ask: 3395.39 } });
  await engine.write((batch) => batch.append(Streams.signals, entry));
  await eventually('the position', async () => (await page.getMap(Maps.openPositions))[`${ETH}:LONG`]);
  const last = aBook({ symbol: ETH, ts_event: T0 + 60_000, bids: [['3394.03', '1']], asks: [['3394.04', '1']] });
  await venue.write((batch) => batch.set(Values.orderbook, last, { symbol: ETH }));
  await logger.stop();

  clock.set(T0 + 2 * HOURS);
  await start(decisionLogger);
  await start(createSignalEngine({ wall: clock }));
  clock.advance(60_001);
  const trade = await eventually('the exit', async () => (await page.getLatest(Streams.trades, 1))[0]);
  expect(trade).toMatchObject({ exit_reason: 'TIME_EXIT', entry_price: 3395.39, exit_price: 3394.03 });
  const [decision] = await page.getList(Lists.decisionLogs, 1);
  expect(decision).toMatchObject({ outcome: 'CLOSED', liquidity: 'TAKER', fill_price: 3394.03 });
  expect(decision?.reason).toContain('closed at 3394.03 (last book, 7200 s old)');
  expect(await page.getMap(Maps.openPositions)).toEqual({});
});
