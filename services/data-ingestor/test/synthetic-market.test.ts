import { type Ingestor, Publisher } from '@helios/market-data/publish/publisher.ts';
import { aMode, defaultSettings } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { startOnFakeBus } from '@helios/shared/testing/start-on-fake-bus.ts';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { dataIngestor } from '../src/service.ts';
import { createFleetHarness, type FleetHarness } from './fleet-harness.ts';

const SYMBOLS = ['BTCUSDT', 'SOLUSDT'];
const settings = defaultSettings({ trading: { symbols: SYMBOLS } });
const mode = aMode({ source: { kind: 'generator', seed: 9 } });

const start = (harness: FleetHarness) => startOnFakeBus(dataIngestor, { fake: harness.fake, mode, settings });

function mid(book: { bids: [string, string][]; asks: [string, string][] } | undefined): number {
  return (Number(book?.bids[0]?.[0]) + Number(book?.asks[0]?.[0])) / 2;
}

/** Market time, epoch ms, of everything published from now on, also of what Redis does not accept. */
function watchTries(): number[] {
  const tried: number[] = [];
  const { publish } = Publisher.prototype;
  const spy = vi.spyOn(Publisher.prototype, 'publish').mockImplementation(function (
    this: Publisher<Ingestor>,
    ...args
  ) {
    tried.push(...args[0].map(({ ts_event }) => ts_event));
    return publish.apply(this, args);
  });
  onTestFinished(() => spy.mockRestore());
  return tried;
}

const books = (harness: FleetHarness): number => harness.heard.filter((event) => event.type === 'book').length;

describe('the synthetic market', () => {
  test('runs in wall time, with past klines in every interval', async () => {
    const harness = await createFleetHarness(SYMBOLS);
    const service = await start(harness);
    await eventually('a second of books', () => books(harness) >= 20);
    const now = Date.now();
    const newest = harness.heard.at(-1);
    expect(Math.abs(now - (newest?.ts_event ?? 0))).toBeLessThan(2_000);
    expect(newest?.seq).toBeUndefined();
    for (const symbol of SYMBOLS) {
      const minutes = await harness.klines(symbol, '1m');
      expect(minutes).toHaveLength(1_440);
      expect(now - (minutes[0]?.close_ts ?? 0)).toBeLessThan(61_000);
      expect((minutes[0]?.open_ts ?? 0) - (minutes.at(-1)?.open_ts ?? 0)).toBe(1_439 * 60_000);
      expect(await harness.klines(symbol, '4h')).not.toHaveLength(0);
      expect(await harness.sample(symbol)).toBeDefined();
    }
    expect(await harness.watchlist()).toEqual(SYMBOLS);
    expect(await service.stop()).toBe(true);
    expect(service.lines).toMatchObject([{ level: 'info', message: 'synthetic market starts' }]);
    expect(service.faults).toEqual([]);
  });

  test('sends the frames of some milliseconds in one write, in order, if it is dense', async () => {
    const symbols = Array.from({ length: 60 }, (_, i) => `MADE${i}USDT`);
    const harness = await createFleetHarness(symbols);
    const writes: number[] = [];
    const { publish } = Publisher.prototype;
    const spy = vi.spyOn(Publisher.prototype, 'publish').mockImplementation(function (
      this: Publisher<Ingestor>,
      ...args
    ) {
      writes.push(args[0].filter(({ type }) => type === 'book').length);
      return publish.apply(this, args);
    });
    onTestFinished(() => spy.mockRestore());
    const dense = defaultSettings({ trading: { symbols } });
    const service = await startOnFakeBus(dataIngestor, { fake: harness.fake, mode, settings: dense });
    await eventually('a second of books', () => books(harness) >= 600, 30_000);
    await service.stop();
    // 600 books per second and one write every five milliseconds: three books per write.
    expect(books(harness) / writes.filter((count) => count > 0).length).toBeGreaterThan(2);
    const times = harness.heard.flatMap(({ type, ts_event }) => (type === 'book' ? [ts_event] : []));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(service.faults).toEqual([]);
  });

  test('continues with its prices and klines after a restart', async () => {
    const harness = await createFleetHarness(SYMBOLS);
    const first = await start(harness);
    await eventually('some books', () => books(harness) >= 10);
    await first.stop();
    const left = mid(await harness.sample('SOLUSDT'));
    const candles = await harness.klines('SOLUSDT', '5m');
    harness.heard.length = 0;
    const second = await start(harness);
    const book = await eventually('a new book', () =>
      harness.heard.find((e) => e.type === 'book' && e.symbol === 'SOLUSDT'),
    );
    expect(second.lines[0]).toMatchObject({ fields: { resumed: true } });
    if (book.type === 'book') expect(Math.abs(mid(book) / left - 1)).toBeLessThan(0.002);
    expect(await harness.klines('SOLUSDT', '5m')).toEqual(candles);
    await second.stop();
  });

  test('continues while Redis is away, with one warning', async () => {
    const harness = await createFleetHarness(SYMBOLS);
    const service = await start(harness);
    await eventually('some books', () => books(harness) >= 5);
    const tried = watchTries();
    harness.fake.goDown();
    await eventually('half a second of the market', () => (tried.at(-1) ?? 0) - (tried[0] ?? 0) >= 500);
    const lost = tried.at(-1) ?? 0;
    harness.heard.length = 0;
    harness.fake.comeBack();
    const first = await eventually('a book after the outage', () =>
      harness.heard.find((event) => event.type === 'book'),
    );
    expect(first.ts_event).toBeGreaterThan(lost);
    await service.stop();
    const said = service.lines.filter((line) => line.level !== 'debug');
    expect(said.map((line) => line.message)).toEqual([
      'synthetic market starts',
      'market events are dropped until redis is back',
      'redis is back, continuing',
    ]);
    expect(service.faults).toEqual([]);
  });
});
