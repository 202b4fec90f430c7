import type { Level, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { aBook, aSignal, aTrade, defaultSettings } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import { PARTIAL_FILLS } from '../models/fill-model.ts';
import { USUAL_MODELS, venueModelsOf } from '../models/read-venue-models.ts';
import { PaperPath } from '../paper-path.ts';
import { plannedEngine } from '../testing/planned-engine.ts';

/** Midnight: fundings are due eight and sixteen hours later. */
const T0 = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const FEES = { maker_fee: 0.0002, taker_fee: 0.0005, slippage_bp: 0 };
const INSTRUMENT = { symbol: 'BTCUSDT', tick_size: '0.1', step_size: '0.001', min_notional: '5' };

const at = (ts: number) => ({ ts_event: T0 + ts, ts_init: T0 + ts });
const book = (ts: number, bids: Level[], asks: Level[]) => aBook({ ...at(ts), bids, asks });
const trade = (ts: number, price: string, qty: string, buyer_is_maker: boolean) =>
  aTrade({ ...at(ts), price, qty, buyer_is_maker });
const mark = (ts: number, mark_price: string, funding_rate: string, nextHour: number): MarketEvent => ({
  ...{ type: 'mark', symbol: 'BTCUSDT', ...at(ts), mark_price, funding_rate },
  next_funding_ts: T0 + nextHour * HOUR_MS,
});
const signal = (ts: number, direction: TradingSignal['direction'], bid: number, ask: number, stop_loss?: number) =>
  aSignal({
    ...{ signal_id: `${direction} ${ts}`, run: 'hand', direction, timestamp: T0 + ts, ts_init: T0 + ts },
    ...{ entry_price: direction === 'LONG' || direction === 'EXIT_SHORT' ? ask : bid, quote: { bid, ask }, stop_loss },
  });

interface Hand {
  readonly settings: Partial<{ [S in keyof Settings]: Partial<Settings[S]> }>;
  readonly signals: readonly TradingSignal[];
  readonly events: readonly MarketEvent[];
  readonly maxQty?: string;
  readonly inParts?: boolean;
}

/** Plays events, one frame each, with these signals. */
function play({ settings, signals, events, maxQty, inParts = false }: Hand) {
  const path = new PaperPath({
    settings: defaultSettings({ fees: FEES, ...settings }),
    run: 'hand',
    instruments: [{ ...INSTRUMENT, ...(maxQty !== undefined && { max_qty: maxQty, market_max_qty: maxQty }) }],
    createEngine: plannedEngine(signals),
    ...(inParts && { models: venueModelsOf({ ...USUAL_MODELS, fill: PARTIAL_FILLS }) }),
  });
  for (const event of events) path.onFrame([event]);
  return path.result();
}

const sized = (position_size: number, mode: Settings['simulation']['mode'] = 'HF_MARKET') => ({
  simulation: { position_size, mode },
});

test('a taker walks three levels, and pays slippage and fees on both legs', () => {
  const { trades } = play({
    settings: { ...sized(2.5), fees: { ...FEES, slippage_bp: 2 } },
    signals: [signal(1, 'LONG', 100, 100.1), signal(2, 'EXIT_LONG', 99.9, 100)],
    events: [
      book(
        1,
        [['100', '9']],
        [
          ['100.1', '1'],
          ['100.2', '0.5'],
          ['100.4', '9'],
        ],
      ),
      book(
        2,
        [
          ['99.9', '2'],
          ['99.8', '9'],
        ],
        [['100', '9']],
      ),
    ],
  });
  // In: (100.1 + 0.5 × 100.2 + 100.4) / 2.5 = 250.6 / 2.5 = 100.24, × 1.0002 = 100.260048.
  // Out: (2 × 99.9 + 0.5 × 99.8) / 2.5 = 249.7 / 2.5 = 99.88, × 0.9998 = 99.860024.
  // Move: 2.5 × (99.860024 − 100.260048) = −1.00006.
  // Fees: 0.0005 × 2.5 × (100.260048 + 99.860024) = 0.25015009.
  // Slippage: 2.5 × (100.260048 − 100.1) + 2.5 × (99.9 − 99.860024) = 0.40012 + 0.09994.
  expect(trades).toMatchObject([
    {
      ...{ quantity: 2.5, entry_price: 100.260048, exit_price: 99.860024, gross_pnl: -1.00006 },
      ...{ fees: 0.25015009, slippage: 0.50006, realized_pnl: -1.25021009 },
    },
  ]);
});

describe('resting orders', () => {
  const events = [
    book(1, [['100', '2']], [['100.1', '5']]),
    // 1.5 of the 2 ahead trade; a buyer who takes at 100.1 does not count.
    trade(2, '100', '1.5', true),
    trade(3, '100.1', '9', false),
    // 0.5 ahead and 0.999 of 1: not yet. Then the last 0.001.
    trade(4, '100', '1.499', true),
    trade(5, '100', '0.001', true),
    book(6, [['100.9', '5']], [['101', '7']]),
    // Through the limit: filled at the limit.
    trade(7, '101.1', '0.001', false),
  ];
  const signals = [signal(1, 'LONG', 100, 100.1), signal(6, 'EXIT_LONG', 100.9, 101)];

  test('fill at the end of their queue or when a trade goes through, as makers', () => {
    const { trades } = play({ settings: sized(1, 'HF_LIMIT'), signals, events });
    // Fees: 0.0002 × (100 + 101) = 0.0402. Net: 101 − 100 − 0.0402.
    expect(trades).toMatchObject([
      {
        ...{ entry_ts: T0 + 5, exit_ts: T0 + 7, entry_price: 100, exit_price: 101, gross_pnl: 1 },
        ...{ fees: 0.0402, slippage: 0, realized_pnl: 0.9598 },
      },
    ]);
  });

  test('fill in parts, and the rest of an exit takes', () => {
    const late = 6 + 30_000;
    const { trades, executions } = play({
      settings: { simulation: { position_size: 1, mode: 'HF_LIMIT', limit_timeout_sec: 30 } },
      signals,
      events: [...events, book(late, [['100.5', '5']], [['100.6', '5']])],
      inParts: true,
    });
    const fills = executions.flatMap((one) =>
      'fill' in one && one.fill ? [[one.ts_event - T0, one.fill] as const] : [],
    );
    expect(fills.map(([ts, { quantity, price, liquidity }]) => [ts, quantity, price, liquidity])).toEqual([
      [4, 0.999, 100, 'MAKER'],
      [5, 0.001, 100, 'MAKER'],
      [7, 0.001, 101, 'MAKER'],
      [late, 0.999, 100.5, 'TAKER'],
    ]);
    // Out: 0.001 × 101 + 0.999 × 100.5 = 100.5005. Move: 0.5005.
    // Fees: 0.0002 × 100 + 0.0002 × 0.101 + 0.0005 × 0.999 × 100.5 = 0.02 + 0.0000202 + 0.05019975 = 0.07021995.
    expect(trades).toMatchObject([
      { quantity: 1, exit_price: 100.5005, gross_pnl: 0.5005, fees: 0.07021995, realized_pnl: 0.43028005 },
    ]);
  });
});

describe('funding', () => {
  const quotes = (ts: number) =>
    book(
      ts,
      [['100', '99']],
      [['100', '99']].map(([, qty]) => ['100.1', qty ?? '']),
    );
  const EIGHT = 8 * HOUR_MS;
  const SIXTEEN = 16 * HOUR_MS;
  /** What a position of 10 pays that is opened and closed at these times. */
  function paid(side: 'LONG' | 'SHORT', openTs: number, closeTs: number) {
    const events = [
      quotes(1),
      mark(2, '100', '0.0003', 8),
      mark(EIGHT - 5_000, '101', '0.0001', 8),
      mark(EIGHT + 1_000, '999', '0.0009', 16),
      mark(SIXTEEN - 5_000, '102', '0.0002', 16),
      mark(SIXTEEN + 1_000, '999', '0.0009', 24),
      quotes(openTs),
      quotes(closeTs),
    ].toSorted((a, b) => a.ts_event - b.ts_event);
    const signals = [signal(openTs, side, 100, 100.1), signal(closeTs, `EXIT_${side}`, 100, 100.1)];
    const { trades } = play({ settings: sized(10), signals, events });
    return trades.map(({ funding, gross_pnl, fees, realized_pnl }) => [funding, gross_pnl, fees, realized_pnl])[0];
  }

  test('a LONG over two fundings pays both at the last rate and mark price before each', () => {
    // 10 × 101 × 0.0001 + 10 × 102 × 0.0002 = 0.101 + 0.204. Move: −1. Fees: 0.0005 × (1,001 + 1,000) = 1.0005.
    expect(paid('LONG', HOUR_MS, SIXTEEN + 60_000)).toEqual([0.305, -1, 1.0005, -2.3055]);
  });

  test('a SHORT receives them', () =>
    expect(paid('SHORT', HOUR_MS, SIXTEEN + 60_000)).toEqual([-0.305, -1, 1.0005, -1.6955]));

  test('is not due for a position that was closed before or opened at its time', () => {
    expect(paid('LONG', HOUR_MS, EIGHT - 1)?.[0]).toBe(0);
    expect(paid('LONG', EIGHT, SIXTEEN - 1)?.[0]).toBe(0);
  });

  test('is due for a position that is closed at its very time: it was open then', () =>
    expect(paid('LONG', HOUR_MS, EIGHT)?.[0]).toBe(0.101));
});

describe('liquidation under the live profile, with a maintenance margin of 2 %', () => {
  const live = (margin_mode: Settings['risk']['margin_mode'], leverage: number, starting_balance: number) => ({
    simulation: { profile: 'live' as const, starting_balance, maintenance_margin_pct: 2 },
    risk: { margin_mode, kelly_fraction: 1, max_symbol_exposure_pct: 10_000, max_total_exposure_pct: 10_000 },
    trading: { leverage },
  });
  const levels = (bid: string, ask: string) => [[[bid, '9999']], [[ask, '9999']]] as [Level[], Level[]];

  test('an isolated LONG loses its margin and the fee of its entry, no more', () => {
    const { trades, decisions } = play({
      settings: live('isolated', 10, 10_000),
      maxQty: '20',
      signals: [signal(1, 'LONG', 97.9, 98, 96)],
      // The mark price falls to just above the liquidation price, then far through it.
      events: [book(1, ...levels('97.9', '98')), mark(2, '90.1', '0', 8), mark(3, '80', '0', 8)],
    });
    // Value 20 × 98 = 1,960 at leverage 10: margin 196, fee 0.0005 × 1,960 = 0.98.
    // Liquidation where 196 + 20 × (P − 98) = 0.02 × 20 × P: P = 1,764 / 19.6 = 90.
    // Move: 20 × (90 − 98) = −160. The venue keeps the rest of the margin: 36. Net: −160 − 36 − 0.98.
    expect(trades).toMatchObject([
      {
        ...{ exit_reason: 'LIQUIDATION', quantity: 20, entry_price: 98, exit_price: 90, exit_ts: T0 + 3 },
        ...{ gross_pnl: -160, fees: 36.98, realized_pnl: -196.98 },
      },
    ]);
    expect(decisions.map(({ outcome }) => outcome)).toEqual(['OPENED', 'CLOSED']);
  });

  test('a crossed SHORT loses the whole wallet', () => {
    const { trades } = play({
      settings: live('crossed', 60, 11_225),
      maxQty: '500',
      signals: [signal(1, 'SHORT', 100, 100.1, 102)],
      events: [book(1, ...levels('100', '100.1')), mark(2, '130', '0', 8)],
    });
    // Value 50,000: fee 25, wallet 11,200. Liquidation where 11,200 − 500 × (P − 100) = 0.02 × 500 × P:
    // P = 61,200 / 510 = 120. Move: −10,000; the venue keeps 1,200. Net: −10,000 − 1,200 − 25.
    expect(trades).toMatchObject([
      {
        ...{ exit_reason: 'LIQUIDATION', quantity: 500, entry_price: 100, exit_price: 120 },
        ...{ gross_pnl: -10_000, fees: 1_225, realized_pnl: -11_225 },
      },
    ]);
  });
});
