import { KLINE_INTERVAL_MS, type Kline, KlineInterval } from '@helios/shared/domain/market-data.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DecimalSum } from '../price/decimal-sum.ts';
import { KlineBuilder } from './kline-builder.ts';

/** A boundary of four hours, so that a kline of every interval begins here. */
const START = 1_699_992_000_000;
const MINUTE = 60_000;

interface Tick {
  readonly atMs: number;
  readonly price: string;
  readonly qty: string;
}

function run(builder: KlineBuilder, ticks: readonly Tick[], endMs?: number): Kline[] {
  const closed: Kline[] = [];
  for (const { atMs, price, qty } of ticks) {
    closed.push(...builder.advance(START + atMs, { tsEvent: START + atMs, tsInit: 7 }));
    builder.trade({ price, qty, ts_event: START + atMs }, START + atMs);
  }
  if (endMs !== undefined) closed.push(...builder.advance(START + endMs, { tsEvent: START + endMs, tsInit: 7 }));
  return closed;
}

const tick = (atMs: number, price: string, qty = '1'): Tick => ({ atMs, price, qty });

describe('KlineBuilder', () => {
  test('closes a minute of trades once time passes its end', () => {
    const ticks = [tick(0, '100.10', '0.1'), tick(20_000, '100.30', '0.2'), tick(59_999, '99.90', '0.3')];
    expect(run(new KlineBuilder('BTCUSDT'), ticks, MINUTE)).toEqual([
      {
        type: 'kline',
        symbol: 'BTCUSDT',
        ts_event: START + MINUTE,
        ts_init: 7,
        interval: '1m',
        open_ts: START,
        close_ts: START + MINUTE - 1,
        open: '100.10',
        high: '100.30',
        low: '99.90',
        close: '99.90',
        volume: '0.6',
        quote_volume: '60.040',
        trades: 3,
      },
    ]);
    expect(run(new KlineBuilder('BTCUSDT'), ticks, MINUTE - 1)).toEqual([]);
  });

  test('drops the minute in which watching began, and the longer klines around it', () => {
    const closed = run(new KlineBuilder('X'), [tick(10, '1'), tick(MINUTE + 5, '2')], 10 * MINUTE);
    expect(closed.filter((k) => k.interval === '1m').map((k) => k.open_ts - START)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => n * MINUTE),
    );
    expect(closed.filter((k) => k.interval === '5m').map((k) => k.open_ts - START)).toEqual([5 * MINUTE]);
  });

  test('makes a flat kline at the last price for an empty minute', () => {
    const builder = new KlineBuilder('X');
    expect(run(builder, [], 0)).toEqual([]);
    expect(run(builder, [], 2 * MINUTE)).toEqual([]);
    const closed = run(builder, [tick(2 * MINUTE, '5.0', '3')], 4 * MINUTE);
    expect(closed.map((k) => [k.open, k.high, k.low, k.close, k.volume, k.quote_volume, k.trades])).toEqual([
      ['5.0', '5.0', '5.0', '5.0', '3', '15.0', 1],
      ['5.0', '5.0', '5.0', '5.0', '0', '0', 0],
    ]);
  });

  test('continues from stored klines, including the running minute and the longer klines', () => {
    const whole = run(
      new KlineBuilder('X'),
      [tick(0, '10', '1'), tick(MINUTE, '11', '2'), tick(2 * MINUTE, '12', '4')],
      3 * MINUTE,
    );
    const builder = new KlineBuilder('X');
    for (const kline of whole) builder.warm(kline);
    const closed = run(builder, [tick(3 * MINUTE + 30_000, '13', '8')], 5 * MINUTE);
    expect(closed.map((k) => [k.interval, k.open, k.close, k.volume])).toEqual([
      ['1m', '13', '13', '8'],
      ['1m', '13', '13', '0'],
      ['5m', '10', '13', '15'],
    ]);
  });

  test('restarts longer klines after a gap in the stored klines', () => {
    const [first, second, third] = run(new KlineBuilder('X'), [tick(0, '10')], 3 * MINUTE);
    const builder = new KlineBuilder('X');
    for (const kline of [first, third]) if (kline) builder.warm(kline);
    expect(second).toBeDefined();
    expect(run(builder, [], 5 * MINUTE).map((k) => k.interval)).toEqual(['1m', '1m']);
  });

  test('keeps nothing after a reset', () => {
    const builder = new KlineBuilder('X');
    run(builder, [tick(0, '10')], 30_000);
    builder.reset();
    expect(run(builder, [tick(90_000, '11')], 3 * MINUTE).map((k) => [k.open, k.open_ts - START])).toEqual([
      ['11', 2 * MINUTE],
    ]);
  });

  test('adds exactly where doubles would round', () => {
    const sum = new DecimalSum();
    for (let i = 0; i < 10; i += 1) sum.add('0.1');
    expect(sum.toString()).toBe('1.0');
    const large = new DecimalSum();
    large.addProduct('99999999.99', '1000000.001');
    large.add('0.00000001');
    expect(large.toString()).toBe('100000000089999.99999001');
  });

  test('builds every kline of every interval from its trades', () => {
    const ticks = fc
      .array(
        fc.record({
          atMs: fc.integer({ min: 0, max: 8 * 60 * MINUTE - 1 }),
          price: fc.integer({ min: 100, max: 999 }).map((cents) => (cents / 100).toFixed(2)),
          qty: fc.integer({ min: 1, max: 9_999 }).map((steps) => (steps / 1_000).toFixed(3)),
        }),
        { minLength: 1, maxLength: 60 },
      )
      .map((all) => [tick(0, '5.00', '1.000'), ...all.toSorted((a, b) => a.atMs - b.atMs)]);
    fc.assert(
      fc.property(ticks, (all) => {
        const closed = run(new KlineBuilder('X'), all, 8 * 60 * MINUTE);
        for (const interval of KlineInterval.options) {
          const length = KLINE_INTERVAL_MS[interval];
          const mine = closed.filter((kline) => kline.interval === interval);
          expect(mine.map((kline) => kline.open_ts - START)).toEqual(
            Array.from({ length: (8 * 60 * MINUTE) / length }, (_, i) => i * length),
          );
          let last = '5.00';
          for (const kline of mine) {
            const inside = all.filter((t) => START + t.atMs >= kline.open_ts && START + t.atMs <= kline.close_ts);
            const prices = inside.length > 0 ? inside.map((t) => t.price) : [last];
            expect(kline.open).toBe(interval === '1m' ? prices[0] : kline.open);
            expect(Number(kline.high)).toBe(Math.max(...prices.map(Number), Number(kline.open)));
            expect(Number(kline.low)).toBe(Math.min(...prices.map(Number), Number(kline.open)));
            expect(kline.close).toBe(prices.at(-1));
            expect(kline.trades).toBe(inside.length);
            const steps = inside.reduce((sum, t) => sum + Math.round(Number(t.qty) * 1_000), 0);
            expect(Math.round(Number(kline.volume) * 1_000)).toBe(steps);
            last = kline.close;
          }
        }
      }),
      { numRuns: 20 },
    );
  });
});
