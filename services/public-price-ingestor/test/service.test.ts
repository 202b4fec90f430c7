import type { FaultWish } from '@helios/exchange-simulator/faults/fault.ts';
import { TRAP_CONTRACTS } from '@helios/exchange-simulator/listing/trap-contracts.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { type Around, createAround, SYMBOLS } from './ingestor-around.ts';

const open: { stop(): Promise<unknown> }[] = [];

async function world(options: Parameters<typeof createAround>[0] = {}) {
  const around = await createAround(options);
  open.push(around);
  const service = await around.start();
  open.push(service);
  return { around, service };
}

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.stop();
});

const books = (around: Around): number => around.of('book').length;
const sawBooks = (around: Around, count: number) => eventually(`${count} books`, () => books(around) >= count);
function fallbackRound(around: Around): Promise<boolean> {
  const before = around.of('fallback').length;
  return eventually('fallback prices of all', () => around.of('fallback').length >= before + SYMBOLS.length);
}
const warnings = (service: { lines: readonly { level: string; message: string }[] }): string[] =>
  service.lines.filter(({ level }) => level === 'warn' || level === 'error').map(({ message }) => message);

describe('while the venue answers', () => {
  test('history first, then books, trades and marks, young and in order', async () => {
    const { around, service } = await world();
    await sawBooks(around, 20);
    await eventually('trades and marks', () => around.of('trade').length > 2 && around.of('mark').length > 1);
    const now = Date.now();
    for (const symbol of SYMBOLS) {
      for (const interval of ['1m', '5m', '15m', '1h', '4h'] as const) {
        const klines = await around.klines(symbol, interval);
        expect(klines.length, `${symbol} ${interval}`).toBeGreaterThan(100);
        expect(klines[0]?.close_ts).toBeLessThan(now);
      }
      expect(await around.sample(symbol)).toMatchObject({ symbol });
      const ids = around.of('trade').flatMap((trade) => (trade.symbol === symbol ? [trade.trade_id] : []));
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    }
    const newest = around.of('book').at(-1);
    expect(Math.abs(now - (newest?.ts_event ?? 0))).toBeLessThan(1_500);
    expect(newest?.bids.length).toBe(20);
    expect(await around.watchlist()).toEqual(SYMBOLS);
    expect(await around.instruments()).toEqual(SYMBOLS);
    expect(warnings(service)).toEqual([]);
    expect(service.faults).toEqual([]);
  });

  test('ten symbols: of all the marks that come in one answer, COIN-M’s among them, only theirs are told', async () => {
    const symbols = Array.from({ length: 10 }, (_, i) => `C${i}USDT`);
    const { around, service } = await world({
      exchange: { market: { kind: 'generator', symbols }, moreContracts: TRAP_CONTRACTS },
      trading: { symbols: [...symbols, 'BTCUSD_PERP'] },
      hear: [...symbols, 'BTCUSD_PERP'],
    });
    const marked = () => new Set(around.of('mark').map(({ symbol }) => symbol));
    await eventually('marks of all', () => symbols.every((symbol) => marked().has(symbol)), 15_000);
    expect(marked().has('BTCUSD_PERP')).toBe(false);
    expect(around.venue.requests().paths['/fapi/v1/premiumIndex']?.weight).toBeGreaterThanOrEqual(10);
    expect(await around.watchlist()).toEqual(symbols);
    expect(service.lines.map(({ fields }) => fields['venue_says'])).toContain('BTCUSD_PERP: st is 2, not 1.');
  }, 30_000);
});

describe('a venue that misbehaves, over real connections', () => {
  const AWAY = 'the venue cannot be asked, no entries are made meanwhile';

  test('up, down, banned, up: the source changes with it, and the service lives', async () => {
    const { around, service } = await world({
      coins: [
        { id: 'bitcoin', usd: 64_000 },
        { id: 'ethereum', usd: 3_400 },
      ],
    });
    await sawBooks(around, 6);
    await around.venue.setFaults([{ fault: 'refuse' }]);
    await eventually('a fallback price', () => around.of('fallback').length >= 2, 15_000);
    expect(around.of('fallback')[0]).toMatchObject({ symbol: 'BTCUSDT', source: 'coingecko', price: '64000' });
    const away = service.lines.find(({ message }) => message === AWAY);
    expect(away?.fields).toMatchObject({ code: 'DOWN', problem: expect.stringContaining('refused') });
    await around.venue.setFaults([{ fault: 'status', status: 418, retry_after_sec: 6 }]);
    await eventually('the ban is met', () => service.lines.some(({ fields }) => fields['code'] === 'BANNED'), 15_000);
    await around.venue.setFaults([]);
    // What was on its way when the ban was told has arrived by the next round of CoinGecko's; a round takes a second.
    await fallbackRound(around);
    around.venue.clearRequests();
    await fallbackRound(around);
    expect(around.venue.requests().requests).toBe(0);
    const before = books(around);
    await eventually('books again', () => books(around) >= before + 6, 15_000);
    expect(service.lines.at(-1)?.message).toBe('the venue answers again');
    expect(service.faults).toEqual([]);
  }, 60_000);

  test.each<[string, FaultWish]>([
    ['never answers', { fault: 'hang', path: '/fapi/v1/depth', times: 2 }],
    ['cuts connections', { fault: 'reset', path: '/fapi/v1/depth', times: 4 }],
    ['answers half', { fault: 'half', path: '/fapi/v1/depth', times: 4 }],
    ['answers garbage', { fault: 'garbage', path: '/fapi/v1/depth', times: 4 }],
    ['answers with a page', { fault: 'html', status: 200, path: '/fapi/v1/depth', times: 4 }],
    ['fails', { fault: 'status', status: 503, path: '/fapi/v1/depth', times: 4 }],
  ])('that %s a few times is asked on', async (_, fault) => {
    // Two failures are no outage, however long they take.
    const { around, service } = await world({ polling: { timeout_ms: 2_000 } });
    await sawBooks(around, 6);
    await around.venue.setFaults([fault]);
    await eventually('the faults are spent', () => around.venue.faults().length === 0);
    await sawBooks(around, books(around) + 6);
    expect(warnings(service).length).toBeGreaterThan(0);
    expect(new Set(warnings(service))).toEqual(new Set(['a request failed']));
    expect(service.faults).toEqual([]);
  });

  test('whose clock is ahead: told, and candles close by its clock', async () => {
    const { around, service } = await world({ exchange: { faults: [{ fault: 'clock', offset_ms: 5_000 }] } });
    await sawBooks(around, 2);
    const told = service.lines.find(({ message }) => message.startsWith('our clock'));
    expect(Math.abs(Number(told?.fields['venue_ahead_ms']) - 5_000)).toBeLessThan(500);
    const [newest] = await around.klines('BTCUSDT', '1m');
    expect(newest?.close_ts).toBeLessThan(Date.now() + 5_000);
  });

  test('stops at once, requests under way included', async () => {
    const { around, service } = await world({ polling: { timeout_ms: 60_000 } });
    await sawBooks(around, 2);
    await around.venue.setFaults([{ fault: 'hang' }]);
    const unanswered = () => Object.values(around.venue.requests().paths).some(({ statuses }) => statuses['0']);
    await eventually('a request that is not answered', unanswered);
    // True: within the seconds that a service has, far fewer than a request may take here.
    expect(await service.stop()).toBe(true);
  });
});
