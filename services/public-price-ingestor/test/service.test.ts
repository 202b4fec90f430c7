import type { FaultInput } from '@helios/exchange-simulator/faults/fault.ts';
import { TRAP_CONTRACTS } from '@helios/exchange-simulator/listing/trap-contracts.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { createIngestorHarness, type IngestorHarness, SYMBOLS } from './ingestor-harness.ts';

const open: { stop(): Promise<unknown> }[] = [];

async function world(options: Parameters<typeof createIngestorHarness>[0] = {}) {
  const harness = await createIngestorHarness(options);
  open.push(harness);
  const service = await harness.start();
  open.push(service);
  return { harness, service };
}

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.stop();
});

const books = (harness: IngestorHarness): number => harness.of('book').length;
const sawBooks = (harness: IngestorHarness, count: number) =>
  eventually(`${count} books`, () => books(harness) >= count);
function fallbackRound(harness: IngestorHarness): Promise<boolean> {
  const before = harness.of('fallback').length;
  return eventually('fallback prices of all', () => harness.of('fallback').length >= before + SYMBOLS.length);
}
const warnings = (service: { lines: readonly { level: string; message: string }[] }): string[] =>
  service.lines.filter(({ level }) => level === 'warn' || level === 'error').map(({ message }) => message);

describe('while the venue answers', () => {
  test('history comes first, then books, trades and mark prices, fresh and in order', async () => {
    const { harness, service } = await world();
    await sawBooks(harness, 20);
    await eventually('trades and marks', () => harness.of('trade').length > 2 && harness.of('mark').length > 1);
    const now = Date.now();
    for (const symbol of SYMBOLS) {
      for (const interval of ['1m', '5m', '15m', '1h', '4h'] as const) {
        const klines = await harness.klines(symbol, interval);
        expect(klines.length, `${symbol} ${interval}`).toBeGreaterThan(100);
        expect(klines[0]?.close_ts).toBeLessThan(now);
      }
      expect(await harness.sample(symbol)).toMatchObject({ symbol });
      const ids = harness.of('trade').flatMap((trade) => (trade.symbol === symbol ? [trade.trade_id] : []));
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    }
    const newest = harness.of('book').at(-1);
    expect(Math.abs(now - (newest?.ts_event ?? 0))).toBeLessThan(1_500);
    expect(newest?.bids.length).toBe(20);
    expect(await harness.watchlist()).toEqual(SYMBOLS);
    expect(await harness.instruments()).toEqual(SYMBOLS);
    expect(warnings(service)).toEqual([]);
    expect(service.faults).toEqual([]);
  });

  test('ten symbols: of all mark prices in one answer, including COIN-M, only theirs are published', async () => {
    const symbols = Array.from({ length: 10 }, (_, i) => `C${i}USDT`);
    const { harness, service } = await world({
      exchange: { market: { kind: 'generator', symbols }, moreContracts: TRAP_CONTRACTS },
      trading: { symbols: [...symbols, 'BTCUSD_PERP'] },
      hear: [...symbols, 'BTCUSD_PERP'],
    });
    const marked = () => new Set(harness.of('mark').map(({ symbol }) => symbol));
    await eventually('marks of all', () => symbols.every((symbol) => marked().has(symbol)), 15_000);
    expect(marked().has('BTCUSD_PERP')).toBe(false);
    expect(harness.venue.requests().paths['/fapi/v1/premiumIndex']?.weight).toBeGreaterThanOrEqual(10);
    expect(await harness.watchlist()).toEqual(symbols);
    expect(service.lines.map(({ fields }) => fields['venue_says'])).toContain('BTCUSD_PERP: st is 2, not 1.');
  }, 30_000);
});

describe('a venue that misbehaves, over real connections', () => {
  const AWAY = 'the venue does not answer, no entries meanwhile';

  test('up, down, banned, up: the source changes with it, and the service continues', async () => {
    const { harness, service } = await world({
      coins: [
        { id: 'bitcoin', usd: 64_000 },
        { id: 'ethereum', usd: 3_400 },
      ],
    });
    await sawBooks(harness, 6);
    await harness.venue.setFaults([{ fault: 'refuse' }]);
    await eventually('a fallback price', () => harness.of('fallback').length >= 2, 15_000);
    expect(harness.of('fallback')[0]).toMatchObject({ symbol: 'BTCUSDT', source: 'coingecko', price: '64000' });
    const away = service.lines.find(({ message }) => message === AWAY);
    expect(away?.fields).toMatchObject({ code: 'DOWN', problem: expect.stringContaining('refused') });
    await harness.venue.setFaults([{ fault: 'status', status: 418, retry_after_sec: 6 }]);
    await eventually('the ban is met', () => service.lines.some(({ fields }) => fields['code'] === 'BANNED'), 15_000);
    await harness.venue.setFaults([]);
    // Requests sent before the ban have arrived by CoinGecko's next round; a round takes a second.
    await fallbackRound(harness);
    harness.venue.clearRequests();
    await fallbackRound(harness);
    expect(harness.venue.requests().requests).toBe(0);
    const before = books(harness);
    await eventually('books again', () => books(harness) >= before + 6, 15_000);
    expect(service.lines.at(-1)?.message).toBe('the venue answers again');
    expect(service.faults).toEqual([]);
  }, 60_000);

  test.each<[string, FaultInput]>([
    ['never answers', { fault: 'hang', path: '/fapi/v1/depth', times: 2 }],
    ['cuts connections', { fault: 'reset', path: '/fapi/v1/depth', times: 4 }],
    ['answers half', { fault: 'half', path: '/fapi/v1/depth', times: 4 }],
    ['answers garbage', { fault: 'garbage', path: '/fapi/v1/depth', times: 4 }],
    ['answers with a page', { fault: 'html', status: 200, path: '/fapi/v1/depth', times: 4 }],
    ['fails', { fault: 'status', status: 503, path: '/fapi/v1/depth', times: 4 }],
  ])('that %s a few times is polled on', async (_, fault) => {
    // Two failures are no outage, whatever their duration.
    const { harness, service } = await world({ polling: { timeout_ms: 2_000 } });
    await sawBooks(harness, 6);
    await harness.venue.setFaults([fault]);
    await eventually('the faults are spent', () => harness.venue.faults().length === 0);
    await sawBooks(harness, books(harness) + 6);
    expect(warnings(service).length).toBeGreaterThan(0);
    expect(new Set(warnings(service))).toEqual(new Set(['a request failed']));
    expect(service.faults).toEqual([]);
  });

  test('whose clock is ahead is logged, and klines close by its clock', async () => {
    const { harness, service } = await world({ exchange: { faults: [{ fault: 'clock', offset_ms: 5_000 }] } });
    await sawBooks(harness, 2);
    const told = service.lines.find(({ message }) => message.startsWith('our clock'));
    expect(Math.abs(Number(told?.fields['venue_ahead_ms']) - 5_000)).toBeLessThan(500);
    const [newest] = await harness.klines('BTCUSDT', '1m');
    expect(newest?.close_ts).toBeLessThan(Date.now() + 5_000);
  });

  test('does not delay a stop, running requests included', async () => {
    const { harness, service } = await world({ polling: { timeout_ms: 60_000 } });
    await sawBooks(harness, 2);
    await harness.venue.setFaults([{ fault: 'hang' }]);
    const unanswered = () => Object.values(harness.venue.requests().paths).some(({ statuses }) => statuses['0']);
    await eventually('a request that is not answered', unanswered);
    // The stop takes far fewer seconds than a request may take here.
    expect(await service.stop()).toBe(true);
  });
});
