import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SimulationMode } from '@helios/core/execution/fees.ts';
import type { SignalDirection, TradingSignal } from '@helios/shared/domain/signal.ts';
import { aSignal, defaultSettings } from '@helios/shared/testing/builders.ts';
import { afterAll, describe, expect, test } from 'vitest';
import type { BacktestOptions } from '../backtest-options.ts';
import { openData } from '../data/open-data.ts';
import { NO_LATENCY } from '../models/order-latency.ts';
import { playBacktest } from '../run-backtest.ts';
import { withExits } from '../testing/planned-engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-limit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const T0 = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;
/** Times of a candle's books, ms after its open. */
const [OPEN_MS, FIRST_MS, SECOND_MS, CLOSE_MS] = [1_000, 20_000, 40_000, 59_000];
const INSTRUMENT = { tick_size: '0.1', step_size: '0.001', min_qty: '0.001' };
const STEADY = [100, 100, 100, 100, 90] as const;

type Row = readonly [open: number, high: number, low: number, close: number, volume: number];

let files = 0;
/** Plays a steady candle, then these, and sends the signals; an order rests for half a minute. */
async function play(rows: readonly Row[], signals: readonly TradingSignal[], mode: SimulationMode = 'HF_LIMIT') {
  files += 1;
  const file = join(folder, `BTCUSDT-1m-${files}.csv`);
  const lines = [STEADY, ...rows].map((row, n) => [T0 + n * MINUTE_MS, ...row].join(','));
  writeFileSync(file, ['time,open,high,low,close,volume', ...lines].join('\n'));
  const settings = defaultSettings({ simulation: { mode, position_size: 1 }, fees: { slippage_bp: 0 } });
  const options: BacktestOptions = {
    ...{ kind: 'KLINES', files: [file], market: 'usdm', settings, changed: {}, latency: NO_LATENCY, fundingRate: 0 },
    ...{ fromTs: Number.NEGATIVE_INFINITY, toTs: Number.POSITIVE_INFINITY },
    klines: { known: new Map([['BTCUSDT', INSTRUMENT]]), detail: [], warm: [] },
  };
  return await playBacktest(await openData(options), options, { createEngine: withExits(signals) });
}

/** A signal in the candle after the steady one; it rests at 99.9 to buy, at 100.1 to sell. */
function signalAt(ms: number, direction: SignalDirection = 'LONG', more: Partial<TradingSignal> = {}): TradingSignal {
  const timestamp = T0 + MINUTE_MS + ms;
  const quote = { bid: 99.9, ask: 100.1 };
  return aSignal({ signal_id: direction, direction, timestamp, ts_init: timestamp, quote, ...more });
}

/** How the entry ended: its outcome, filled quantity and price. */
async function entryOf(rows: readonly Row[], signal: TradingSignal) {
  const { decisions } = await play([...rows, STEADY], [signal]);
  const { outcome, position_size, fill_price } =
    decisions.find(({ decision_id }) => decision_id === signal.signal_id) ?? {};
  return outcome === 'MISSED' ? 'MISSED' : [outcome, position_size, fill_price];
}

const FILLED = ['OPENED', 1, 99.9];
const SOLD = ['OPENED', 1, 100.1];

describe('an entry that rests on candles', () => {
  test.each<[string, SignalDirection, Row, unknown]>([
    ['a low that touches it fills nothing', 'LONG', [100, 100.5, 99.9, 100, 90], 'MISSED'],
    ['a low a tick beyond it fills it at its own price', 'LONG', [100, 100.5, 99.8, 100, 90], FILLED],
    ['a low less than a tick beyond it fills nothing', 'LONG', [100, 100.5, 99.85, 100, 90], 'MISSED'],
    ['a high never fills a bid', 'LONG', [100, 120, 100, 100, 90], 'MISSED'],
    ['a high that touches it fills nothing', 'SHORT', [100, 100.1, 99, 100, 90], 'MISSED'],
    ['a high a tick beyond it fills it at its own price', 'SHORT', [100, 100.2, 99, 100, 90], SOLD],
    ['a high less than a tick beyond it fills nothing', 'SHORT', [100, 100.15, 99, 100, 90], 'MISSED'],
    ['a low never fills an ask', 'SHORT', [100, 100, 80, 100, 90], 'MISSED'],
    ['a candle without volume fills nothing', 'LONG', [100, 100, 90, 100, 0], 'MISSED'],
  ])('%s: %s', async (_what, direction, row, expected) => {
    expect(await entryOf([row], signalAt(OPEN_MS, direction))).toEqual(expected);
  });

  test('fills with a third of the volume for each price beyond it, rounded down to the step', async () => {
    expect(await entryOf([[100, 100, 99, 100, 1.5]], signalAt(OPEN_MS))).toEqual(['OPENED', 0.5, 99.9]);
    expect(await entryOf([[100, 100, 99, 100, 1]], signalAt(OPEN_MS))).toEqual(['OPENED', 0.333, 99.9]);
    expect(await entryOf([[100, 100, 99, 99, 1]], signalAt(OPEN_MS))).toEqual(['OPENED', 0.666, 99.9]);
  });

  test('fills at its own price in a candle that opens beyond it', async () => {
    const gap: Row = [98, 98.5, 97, 98, 90];
    expect(await entryOf([STEADY, gap], signalAt(CLOSE_MS))).toEqual(FILLED);
    expect(await entryOf([STEADY, [102, 103, 101, 102, 90]], signalAt(CLOSE_MS, 'SHORT'))).toEqual(SOLD);
    expect(await entryOf([STEADY, [98, 98, 98, 98, 90]], signalAt(CLOSE_MS))).toEqual(FILLED);
  });

  test('does not fill by a high or low of its own candle that may be older; the close is later', async () => {
    const [wide, falls, rises]: [Row, Row, Row] = [
      [100, 101, 99, 100, 90],
      [100, 101, 99, 99.8, 90],
      [100, 101, 99, 100.2, 90],
    ];
    for (const ms of [FIRST_MS, SECOND_MS]) {
      expect(await entryOf([wide], signalAt(ms))).toEqual('MISSED');
      expect(await entryOf([wide], signalAt(ms, 'SHORT'))).toEqual('MISSED');
      expect(await entryOf([falls], signalAt(ms))).toEqual(FILLED);
      expect(await entryOf([rises], signalAt(ms, 'SHORT'))).toEqual(SOLD);
    }
    expect(await entryOf([falls], signalAt(CLOSE_MS))).toEqual('MISSED');
  });

  test('rests to the end of the candle in which its time ends, and is MISSED then', async () => {
    const low: Row = [100, 100, 99, 100, 90];
    expect(await entryOf([STEADY, low], signalAt(OPEN_MS))).toEqual('MISSED');
    expect(await entryOf([STEADY, low], signalAt(SECOND_MS))).toEqual(FILLED);
    expect(await entryOf([STEADY, STEADY, low], signalAt(SECOND_MS))).toEqual('MISSED');
    const { decisions, trades } = await play([STEADY, STEADY], [signalAt(OPEN_MS)]);
    expect(decisions[0]?.reason).toContain('not filled within 30 s');
    expect(trades).toEqual([]);
  });
});

describe('a position that opened on a candle', () => {
  const long = { stop_loss: 99.5, take_profit: 100.8 };
  const short = { stop_loss: 100.5, take_profit: 99.2 };
  const tradeOf = async (rows: readonly Row[], signal: TradingSignal, ...more: TradingSignal[]) =>
    (await play([...rows, STEADY], [signal, ...more])).trades[0];

  test('pays the maker fee at its own price', async () => {
    const trade = await tradeOf([[100, 100, 99.8, 100, 90], STEADY], signalAt(OPEN_MS));
    expect(trade).toMatchObject({ entry_price: 99.9, exit_reason: 'SESSION_END', exit_price: 99.9 });
    expect(trade?.fees).toBeCloseTo(99.9 * 0.0002 + 99.9 * 0.0004, 9);
  });

  test.each([
    ['LONG', long, 99.9],
    ['SHORT', short, 100.1],
  ] as const)('%s stops out in the candle of its fill, at its stop', async (direction, stops, entry_price) => {
    const trade = await tradeOf([[100, 101, 99, 100, 90]], signalAt(OPEN_MS, direction, stops));
    const [exit_reason, exit_price] = ['STOP_LOSS', stops.stop_loss];
    expect(trade).toMatchObject({ entry_price, exit_reason, exit_price, exit_ts: T0 + MINUTE_MS + SECOND_MS });
    expect(trade?.fees).toBeCloseTo(entry_price * 0.0002 + exit_price * 0.0004, 9);
  });

  test.each<[SignalDirection, object]>([
    ['LONG', long],
    ['SHORT', short],
  ])('%s never reaches its target by the extreme of the candle of its fill, but by a later one', async (...of) => {
    const [direction, stops] = of;
    const wide: Row = direction === 'LONG' ? [100, 102, 99.8, 100, 90] : [100, 100.2, 98, 100, 90];
    const signal = signalAt(OPEN_MS, direction, stops);
    expect((await tradeOf([wide, STEADY], signal))?.exit_reason).toBe('SESSION_END');
    expect((await tradeOf([wide, wide, STEADY, STEADY], signal))?.exit_reason).toBe('TAKE_PROFIT');
  });

  test.each<[SignalDirection, number]>([
    ['LONG', 100.4],
    ['SHORT', 100.6],
  ])('%s whose time ends inside a candle leaves at its close, not at an extreme', async (direction, exit_price) => {
    const filled: Row = direction === 'LONG' ? [100, 100, 99.8, 100, 90] : [100, 100.2, 100, 100, 90];
    const far = direction === 'LONG' ? { stop_loss: 90, take_profit: 110 } : { stop_loss: 110, take_profit: 90 };
    const signal = signalAt(OPEN_MS, direction, { ...far, horizon_min: 1 });
    const trade = await tradeOf([filled, [100, 103, 97, 100.5, 90], STEADY], signal);
    expect(trade).toMatchObject({ exit_reason: 'TIME_EXIT', exit_price, exit_ts: T0 + 3 * MINUTE_MS });
    expect(trade?.entry_ts).toBe(T0 + MINUTE_MS + SECOND_MS);
  });

  test.each<[string, SignalDirection, Row, Row, object]>([
    ['LONG', 'LONG', [100, 100, 100, 100, 90], [100, 105, 100, 104, 90], { stop_loss: 95, take_profit: 101 }],
    ['SHORT', 'SHORT', [100, 100, 100, 100, 90], [100, 100, 95, 96, 90], { stop_loss: 105, take_profit: 99 }],
  ])('%s that takes meets its target there, not at the extreme', async (_what, direction, first, wide, stops) => {
    const signal = signalAt(OPEN_MS, direction, stops);
    const { trades, mids } = await play([first, wide, STEADY], [signal], 'HF_MARKET');
    const exit_price = direction === 'LONG' ? 101 : 99;
    expect(trades[0]).toMatchObject({ exit_reason: 'TAKE_PROFIT', exit_price, slippage: 0 });
    expect(trades[0]?.exit_ts).toBe(T0 + 2 * MINUTE_MS + SECOND_MS);
    // The price of the decision is moved with it, so the beyond counts neither as move nor as spread.
    expect(Math.abs((mids.get(trades[0]?.exit_signal_id ?? '') ?? 0) - exit_price)).toBeLessThan(0.1);
  });

  test('meets a target of more than six digits at it', async () => {
    const signal = signalAt(OPEN_MS, 'LONG', { stop_loss: 95, take_profit: 101.12345 });
    const { trades } = await play([STEADY, [100, 105, 100, 104, 90], STEADY], [signal], 'HF_MARKET');
    expect(trades[0]).toMatchObject({ exit_reason: 'TAKE_PROFIT', exit_price: 101.12345 });
  });

  test.each<[string, Row, object]>([
    [
      'a high beyond it, as a maker',
      [100, 100.2, 100, 100, 90],
      { exit_price: 100.1, fees: 99.9 * 2e-4 + 100.1 * 2e-4 },
    ],
    [
      'no high that touches it: it takes when its time is over',
      [100, 100.1, 100, 100, 90],
      { exit_price: 99.9, fees: 99.9 * 6e-4 },
    ],
  ])(
    'leaves with a resting order by %s',
    async (_what, row, { exit_price, fees }: { exit_price?: number; fees?: number }) => {
      const exit = signalAt(MINUTE_MS + OPEN_MS, 'EXIT_LONG', { exit_reason: 'TAKE_PROFIT' });
      const trade = await tradeOf([[100, 100, 99.8, 100, 90], row], signalAt(OPEN_MS), exit);
      expect(trade).toMatchObject({ exit_reason: 'TAKE_PROFIT', exit_price });
      expect(trade?.fees).toBeCloseTo(fees ?? 0, 9);
    },
  );
});
