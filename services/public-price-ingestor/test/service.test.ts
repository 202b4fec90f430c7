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
});
