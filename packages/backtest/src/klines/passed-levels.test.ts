import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PAPER_MODELS } from '@helios/core/paper/venue-models.ts';
import { signOf } from '@helios/core/strategy/side-sign.ts';
import type { SignalDirection, TradingSignal } from '@helios/shared/domain/signal.ts';
import { aBook, aSignal, defaultSettings } from '@helios/shared/testing/builders.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';
import { afterAll, describe, expect, test } from 'vitest';
import type { BacktestOptions } from '../backtest-options.ts';
import { openData } from '../data/open-data.ts';
import { followUpModelsOf } from '../models/candle-fills.ts';
import { constantLatency, NO_LATENCY } from '../models/order-latency.ts';
import type { PathOptions } from '../paper-path.ts';
import { playBacktest } from '../run-backtest.ts';
import { withExits } from '../testing/planned-engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-levels-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const T0 = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;
/** Times of a candle's books, ms after its open. */
const [OPEN_MS, FIRST_MS, SECOND_MS, CLOSE_MS] = [1_000, 20_000, 40_000, 59_000];
const STEADY: Row = [100, 100, 100, 100];

type Row = readonly [open: number, high: number, low: number, close: number];
type Changes = Parameters<typeof defaultSettings>[0];

function write(name: string, rows: readonly (readonly number[])[], stepMs = MINUTE_MS): string {
  const file = join(folder, name);
  const lines = rows.map((row, n) => [T0 + n * stepMs, ...row].join(','));
  writeFileSync(file, ['time,open,high,low,close,volume,taker_buy_volume', ...lines].join('\n'));
  return file;
}

function optionsOf(file: string, changes: Changes): BacktestOptions {
  return {
    ...{ kind: 'KLINES', files: [file], market: 'usdm', settings: defaultSettings(changes), changed: {} },
    ...{ latency: NO_LATENCY, fundingRate: 0, fromTs: Number.NEGATIVE_INFINITY, toTs: Number.POSITIVE_INFINITY },
  };
}

describe('a stop by hand', () => {
  let files = 0;
  /** The trade of an entry so many ms after the open of the first of these candles; a steady one comes before them. */
  async function tradeOf(rows: readonly Row[], ms: number, side: 'LONG' | 'SHORT', latencyMs?: number) {
    files += 1;
    // A SHORT position meets the mirrored market.
    const mirrored = rows.map(([open, high, low, close]): Row => [200 - open, 200 - low, 200 - high, 200 - close]);
    const known = side === 'LONG' ? rows : mirrored;
    const file = write(
      `BTCUSDT-1m-${files}.csv`,
      [STEADY, ...known, STEADY].map((row) => [...row, 90, 45]),
    );
    const timestamp = T0 + MINUTE_MS + ms;
    const stops = side === 'LONG' ? { stop_loss: 99, take_profit: 120 } : { stop_loss: 101, take_profit: 80 };
    const entry = aSignal({
      direction: side,
      timestamp,
      ts_init: timestamp,
      quote: { bid: 99.9, ask: 100.1 },
      ...stops,
    });
    const options = optionsOf(file, { simulation: { mode: 'HF_MARKET', position_size: 1 }, fees: { slippage_bp: 0 } });
    const instrument = { tick_size: '0.1', step_size: '0.001', min_qty: '0.001' };
    let reason = '';
    const onRecord: PathOptions['onRecord'] = ({ kind, content }) => {
      if (kind === 'SIGNAL') ({ reason } = content as TradingSignal);
    };
    const { trades } = await playBacktest(
      await openData({ ...options, klines: { known: new Map([['BTCUSDT', instrument]]), detail: [], warm: [] } }),
      latencyMs === undefined ? options : { ...options, latency: constantLatency(latencyMs, 'orders') },
      { createEngine: withExits([entry]), onRecord },
    );
    const [trade] = trades;
    expect(trade?.exit_reason).toBe('STOP_LOSS');
    const price = trade?.exit_price ?? 0;
    return { price: side === 'LONG' ? price : 200 - price, ms: (trade?.exit_ts ?? 0) % MINUTE_MS, trade, reason };
  }

  const FALLS: Row = [100, 100.5, 95, 96];
  describe.each(['LONG', 'SHORT'] as const)('of %s', (side) => {
    test('fills at its own price, with the fee of a taker', async () => {
      const { price, ms, trade, reason } = await tradeOf([STEADY, FALLS], OPEN_MS, side);
      expect([price, ms, trade?.slippage]).toEqual([99, FIRST_MS, 0]);
      expect(reason).toContain('passed on the way to the book');
      expect(trade?.fees).toBeCloseTo(0.0004 * ((trade?.entry_price ?? 0) + (trade?.exit_price ?? 0)), 9);
    });

    test('fills at its own price in the candle of the entry', async () => {
      expect(await tradeOf([FALLS], OPEN_MS, side)).toMatchObject({ price: 99, ms: FIRST_MS });
    });

    test('fills at its own price where only the close is later than the entry', async () => {
      const ms = side === 'LONG' ? SECOND_MS : FIRST_MS;
      expect(await tradeOf([FALLS], ms, side)).toMatchObject({ price: 99, ms: CLOSE_MS });
    });

    test('fills at the first price of a candle that begins beyond it', async () => {
      const { price, ms } = await tradeOf([STEADY, [97, 98, 95, 96]], OPEN_MS, side);
      expect(ms).toBe(OPEN_MS);
      expect(Math.abs(price - 97)).toBeLessThan(0.15);
    });

    test('fills at its own price if the order arrives before the next book, else in that book', async () => {
      expect((await tradeOf([STEADY, FALLS], OPEN_MS, side, 200)).price).toBe(99);
      const late = await tradeOf([STEADY, [100, 100, 95, 95]], OPEN_MS, side, 40_000);
      expect(Math.abs(late.price - 95)).toBeLessThan(0.15);
    });
  });
});

test('a taker of more than the first level walks on from its decided price, unless the book is newer than the decision', () => {
  const { impact } = followUpModelsOf(PAPER_MODELS);
  const bids: [string, string][] = [
    ['90', '1'],
    ['89', '1'],
  ];
  const book = aBook({ ts_event: T0, bids, asks: [['91', '1']] });
  const order = { action: 'SELL', quantity: 2, decidedPrice: 95 } as const;
  expect(impact({ ...order, decidedTs: T0 }, book, 0).price).toBe(94.5);
  expect(impact({ ...order, decidedTs: T0 - 1 }, book, 0).price).toBe(89.5);
  expect(impact({ ...order, decidedPrice: 90, decidedTs: T0 }, book, 0).price).toBe(89.5);
});

/** Candles of a random walk in cents, some of which begin far from the close before. */
function walk(seed: string, count: number): readonly (readonly number[])[] {
  const rng = new Rng(seed);
  let price = 10_000;
  return Array.from({ length: count }, () => {
    const open = price + (rng.below(8) === 0 ? rng.below(121) - 60 : 0);
    const close = open + rng.below(61) - 30;
    price = Math.max(5_000, close);
    const [high, low] = [Math.max(open, close) + rng.below(25), Math.min(open, close) - rng.below(25)];
    const volume = 1_000_000 + rng.below(1_000_000);
    return [...[open, high, low, close].map((cents) => cents / 100), volume, Math.round(volume * rng.uniform())];
  });
}

const MINUTES = walk('levels', 6_000);
const FIVES = Array.from({ length: MINUTES.length / 5 }, (_, n) => {
  const five = MINUTES.slice(5 * n, 5 * n + 5);
  const [highs, lows] = [five.map(([, high = 0]) => high), five.map(([, , low = 0]) => low)];
  const sum = (at: number) => five.reduce((total, row) => total + (row[at] ?? 0), 0);
  return [five[0]?.[0] ?? 0, Math.max(...highs), Math.min(...lows), five[4]?.[3] ?? 0, sum(4), sum(5)];
});
const MINUTE_FILE = write('AAAUSDT-1m.csv', MINUTES);
const SHORT_FILE = write('AAAUSDT-1m-short.csv', MINUTES.slice(0, 1_500));
const FIVE_FILE = write('AAAUSDT-5m.csv', FIVES, 5 * MINUTE_MS);

const RISK = { max_hold_sec: 1_200, reversal_exit: 'off', stop_loss_atr: 1, take_profit_atr: 2 } as const;

async function playWalk(
  kind: '1m' | '5m' | 'detail',
  changes: Changes,
  parts: Parameters<typeof playBacktest>[2] = {},
) {
  const options = optionsOf(kind === '1m' ? SHORT_FILE : FIVE_FILE, {
    ...changes,
    simulation: { position_notional: 100, ...changes?.simulation },
    signals: {
      ...{ confirmation_count: 1, nobi_threshold: 0.2, edge_gate: 'off', refusal_log_interval_sec: 10 },
      ...changes?.signals,
    },
    risk: { ...RISK, ...changes?.risk },
    reasons: { enabled: ['IMBALANCE'] },
    fees: { slippage_bp: 0 },
  });
  const detail = kind === 'detail' ? [MINUTE_FILE] : [];
  return await playBacktest(
    await openData({ ...options, klines: { known: new Map(), detail, warm: [] } }),
    options,
    parts,
  );
}

/** The price at which an exit fired, as its signal says it. */
function levelOf({ reason }: TradingSignal): number {
  return Number(/was reached \(([\d.]+)\)/.exec(reason)?.[1]);
}

const CASES = (['1m', '5m', 'detail'] as const).flatMap((kind) =>
  (['HF_MARKET', 'HF_LIMIT'] as const).flatMap((mode) =>
    [false, true].map((trailing_stop) => ({ kind, mode, trailing_stop })),
  ),
);

test.each(CASES)('no stop fills better than itself, or worse than it and the first price: %o', async (of) => {
  const { kind, mode, trailing_stop } = of;
  const risk = { trailing_stop, trailing_activation_atr: 0.5, trailing_distance_atr: 0.5 };
  const levels = new Map<string, number>();
  const played = await playWalk(
    kind,
    { simulation: { mode }, risk },
    {
      onRecord: ({ kind: what, id, content }) => {
        if (what === 'SIGNAL') levels.set(id, levelOf(content as TradingSignal));
      },
    },
  );
  const [rows, stepMs] = kind === '5m' ? [FIVES, 5 * MINUTE_MS] : [MINUTES, MINUTE_MS];
  const counts = { own: 0, first: 0 };
  for (const { side, exit_reason, exit_price, exit_ts, exit_signal_id } of played.trades) {
    if (exit_reason !== 'STOP_LOSS' && exit_reason !== 'TRAILING_STOP') continue;
    const level = levels.get(exit_signal_id ?? '') ?? Number.NaN;
    const sign = signOf(side);
    expect(sign * (exit_price - level)).toBeLessThanOrEqual(0);
    const [open = Number.NaN] = rows[Math.floor((exit_ts - T0) / stepMs)] ?? [];
    // The spread of the made-up book, and a tick.
    const worst = Math.min(sign * level, sign * open) - 0.0003 * open - 0.01;
    // A trailing stop may move beyond the price by its ATR: when a candle closes, or between two prices of a longer one.
    const isBeyondOpen =
      kind === '5m' && exit_reason === 'TRAILING_STOP' && sign * (open - level) <= 0.00015 * open + 0.01;
    if (exit_ts % MINUTE_MS !== 0 && !isBeyondOpen) expect(sign * exit_price).toBeGreaterThanOrEqual(worst);
    counts[exit_price === level ? 'own' : 'first'] += 1;
    if (mode === 'HF_MARKET' && exit_reason === 'STOP_LOSS' && exit_ts % MINUTE_MS > OPEN_MS)
      expect(exit_price).toBe(level);
  }
  expect(counts.own).toBeGreaterThan(5);
  if (kind !== '5m') expect(counts.first).toBeGreaterThan(0);
});

test('follow-ups leave where positions do', async () => {
  const risk = { trailing_stop: true, trailing_activation_atr: 0.5, trailing_distance_atr: 0.5 };
  const { trades } = await playWalk('1m', { risk });
  const { refusals, trades: others } = await playWalk('1m', { risk, signals: { cooldown_sec: 86_400 } });
  const ends = new Map(
    refusals.map(({ timestamp, direction, follow_up }) => [
      `${timestamp} ${direction satisfies SignalDirection}`,
      follow_up,
    ]),
  );
  let compared = 0;
  // Without a position the low comes first, so the way of the price is the same for LONG alone, and where no other position is open.
  // In the first hour stops go by the mids of that way.
  for (const { side, entry_ts, exit_ts, exit_price, exit_reason } of trades) {
    const end = ends.get(`${entry_ts} ${side}`);
    const isAlone = others.every((other) => other.exit_ts < entry_ts || other.entry_ts > exit_ts);
    if (entry_ts < T0 + 60 * MINUTE_MS) continue;
    if (side !== 'LONG' || !isAlone || end === undefined || end.outcome !== 'CLOSED') continue;
    expect(end).toMatchObject({ exit_ts, exit_price, exit_reason });
    if (exit_reason === 'STOP_LOSS' || exit_reason === 'TRAILING_STOP') compared += 1;
  }
  expect(compared).toBeGreaterThan(20);
});
