import type { MarketTrade } from '@helios/shared/domain/market-data.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { describe, expect, it } from 'vitest';
import { profileOf } from '../trading/profile.ts';
import { fillsOnTrade, planFill, type QueuedOrder, visibleQuantity } from './fill.ts';

const quote = { bid: 100, ask: 101 };
const TAKES = profileOf('SIMULATION', defaultSettings({ simulation: { mode: 'HF_MARKET' } }));
const RESTS = profileOf('SIMULATION', defaultSettings({ simulation: { mode: 'LF_LIMIT' } }));

function signal(fields: Partial<TradingSignal>): TradingSignal {
  return {
    signal_id: 's',
    run: 'r',
    symbol: 'BTCUSDT',
    direction: 'LONG',
    timestamp: 1_000,
    ts_init: 1_000,
    confidence: 0.5,
    nobi_value: -0.5,
    entry_price: 100.5,
    reason: 'test',
    model: 'none',
    origin: 'ENGINE',
    ...fields,
  };
}

describe('planFill', () => {
  it.each([
    ['LONG', 101],
    ['SHORT', 100],
    ['EXIT_LONG', 100],
    ['EXIT_SHORT', 101],
  ] as const)('a MARKET %s takes the far side, %d', (direction, price) => {
    expect(planFill(TAKES, signal({ direction, quote }), undefined)).toEqual({
      kind: 'NOW',
      price,
      liquidity: 'TAKER',
    });
  });

  it.each([
    ['LONG', 100],
    ['SHORT', 101],
    ['EXIT_LONG', 101],
    ['EXIT_SHORT', 100],
  ] as const)('a LIMIT %s rests on its near side, %d', (direction, price) => {
    expect(planFill(RESTS, signal({ direction, quote }), undefined)).toEqual({ kind: 'REST', price });
  });

  it.each(['STOP_LOSS', 'TRAILING_STOP', 'TIME_EXIT', 'SESSION_END'] as const)('%s never rests', (exit_reason) => {
    const plan = planFill(RESTS, signal({ direction: 'EXIT_LONG', exit_reason, quote }), undefined);
    expect(plan).toEqual({ kind: 'NOW', price: 100, liquidity: 'TAKER' });
  });

  it('takes liquidity under the live profile in every simulation mode', () => {
    const live = profileOf('LIVE_ON_PAPER', defaultSettings({ simulation: { mode: 'LF_LIMIT' } }));
    expect(planFill(live, signal({ quote }), undefined)).toEqual({ kind: 'NOW', price: 101, liquidity: 'TAKER' });
  });

  it('fills a hand-made signal without a quote at entry_price, with the liquidity of the fee table', () => {
    const origin = 'EXTERNAL';
    const plan = (profile: typeof TAKES, fields: Partial<TradingSignal> = {}) =>
      planFill(profile, signal({ origin, ...fields }), quote);
    expect(plan(TAKES)).toEqual({ kind: 'NOW', price: 100.5, liquidity: 'TAKER' });
    expect(plan(RESTS)).toEqual({ kind: 'NOW', price: 100.5, liquidity: 'MAKER' });
    expect(plan(RESTS, { direction: 'EXIT_LONG', exit_reason: 'STOP_LOSS' })).toEqual({
      kind: 'NOW',
      price: 100.5,
      liquidity: 'TAKER',
    });
  });

  it.each([
    // A mark price above the book: nobody bids it. Below the book: the price is falling.
    ['EXIT_LONG', 103, 100],
    ['EXIT_LONG', 97, 97],
    ['EXIT_SHORT', 97, 101],
    ['EXIT_SHORT', 103, 103],
  ] as const)(
    'fills our own %s without a quote, decided on %d, at %d in every mode',
    (direction, entry_price, price) => {
      for (const profile of [TAKES, RESTS]) {
        const exit = signal({ direction, entry_price, exit_reason: 'TAKE_PROFIT' });
        expect(planFill(profile, exit, quote)).toEqual({ kind: 'NOW', price, liquidity: 'TAKER' });
        expect(planFill(profile, exit, undefined)).toEqual({ kind: 'NOW', price: entry_price, liquidity: 'TAKER' });
      }
    },
  );
});

const trade = (price: string, qty: string, buyerIsMaker: boolean, ts = 2_000): MarketTrade => ({
  type: 'trade',
  symbol: 'BTCUSDT',
  ts_event: ts,
  ts_init: ts,
  trade_id: 1,
  price,
  qty,
  buyer_is_maker: buyerIsMaker,
});

const bid = (queueAhead: number | undefined): QueuedOrder => ({
  action: 'BUY',
  price: 100,
  quantity: 1,
  placedTs: 1_000,
  queueAhead,
  tradedAtLimit: 0,
});

describe('fillsOnTrade', () => {
  it('fills when a trade goes through the limit, whichever side was the taker', () => {
    expect(fillsOnTrade(bid(undefined), trade('99.9', '0.001', true))).toBe(true);
    expect(fillsOnTrade({ ...bid(5), action: 'SELL' }, trade('100.1', '0.001', false))).toBe(true);
  });

  it('ignores a trade at or before the time of placement', () => {
    expect(fillsOnTrade(bid(0), trade('99', '5', true, 1_000))).toBe(false);
    expect(fillsOnTrade(bid(0), trade('99', '5', true, 1_001))).toBe(true);
  });

  it('ignores a trade at a worse price', () => {
    expect(fillsOnTrade(bid(0), trade('100.1', '50', true))).toBe(false);
  });

  it('fills at the limit after the queue ahead and its own quantity have traded', () => {
    const order = bid(2);
    expect(fillsOnTrade(order, trade('100.0', '2', true))).toBe(false);
    expect(fillsOnTrade(order, trade('100.0', '0.9', true))).toBe(false);
    expect(fillsOnTrade(order, trade('100.0', '0.1', true))).toBe(true);
  });

  it('ignores trades at the limit that hit the other side', () => {
    expect(fillsOnTrade(bid(2), trade('100', '50', false))).toBe(false);
  });

  it('fills only through the limit if the queue is unknown', () => {
    expect(fillsOnTrade(bid(undefined), trade('100', '1000000', true))).toBe(false);
  });
});

describe('visibleQuantity', () => {
  const book = {
    type: 'book' as const,
    symbol: 'BTCUSDT',
    ts_event: 1,
    ts_init: 1,
    last_update_id: 1,
    bids: [['100.0', '3.5'] as [string, string]],
    asks: [['101.0', '4'] as [string, string]],
  };
  it('reads the side that the order joins, by price and not by text', () => {
    expect(visibleQuantity(book, 'BUY', 100)).toBe(3.5);
    expect(visibleQuantity(book, 'SELL', 101)).toBe(4);
    expect(visibleQuantity(book, 'BUY', 99)).toBeUndefined();
  });
});
