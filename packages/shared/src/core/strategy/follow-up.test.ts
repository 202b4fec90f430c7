import { describe, expect, test } from 'vitest';
import type { Level } from '../../domain/market-data.ts';
import type { Side } from '../../domain/signal.ts';
import { aTrade, defaultSettings, T0 } from '../../testing/builders.ts';
import type { ExitPlan } from './exit-plan.ts';
import { type FollowUpMoment, FollowUps } from './follow-up.ts';
import type { KnownPrice } from './market-memory.ts';

const params = defaultSettings({ fees: { slippage_bp: 0 } });

const planOf = (side: Side): ExitPlan => ({
  side,
  entryPrice: 100,
  entryTs: T0,
  stopLoss: side === 'LONG' ? 97 : 103,
  takeProfit: side === 'LONG' ? 110 : 90,
  regime: 'UNKNOWN',
});

/** A moment so long after the entry at which both sides could be left at `price`. */
function after(ms: number, price: number, fields: Partial<FollowUpMoment & { source: KnownPrice['source'] }> = {}) {
  const { source = 'book', ...rest } = fields;
  const moment: FollowUpMoment = {
    nowMs: T0 + ms,
    atr: 1,
    reversal: undefined,
    levels: undefined,
    closingPrice: () => ({ price, source, ageMs: 0 }),
    tightening: () => 1,
    ...rest,
  };
  return moment;
}

function followed(side: Side): FollowUps {
  const followUps = new FollowUps(params);
  followUps.open('refused', planOf(side), after(0, 100));
  return followUps;
}

describe('a shadow', () => {
  test.each([
    ['LONG', 110, 1_000],
    ['LONG', 97, -300],
    ['SHORT', 90, 1_000],
    ['SHORT', 103, -300],
  ] as const)('%s that is left at %i made %i bp before fees', (side, price, grossBp) => {
    const [end] = followed(side).step(after(1_000, price));
    expect(end).toMatchObject({ side, followUp: { exit_price: price, gross_bp: grossBp } });
    expect(end?.followUp.net_bp).toBeCloseTo(grossBp - 4 - (4 * price) / 100, 6);
  });

  test.each([
    ['LONG', 'SHORT'],
    ['SHORT', 'LONG'],
  ] as const)('%s is turned around by a confirmed %s only', (side, other) => {
    const followUps = followed(side);
    expect(followUps.step(after(60_000, 100, { reversal: side }))).toEqual([]);
    expect(followUps.step(after(60_000, 100, { reversal: other }))).toMatchObject([
      { followUp: { exit_reason: 'SIGNAL_REVERSAL' } },
    ]);
  });

  test.each([
    ['LONG', 102, 100.5],
    ['SHORT', 98, 99.5],
  ] as const)('%s trails behind prices of the venue, as a position does, and not behind others', (side, best, stop) => {
    const venue = followed(side);
    expect(venue.step(after(1_000, best))).toEqual([]);
    expect(venue.step(after(2_000, stop, { source: 'fallback' }))).toMatchObject([
      { followUp: { exit_reason: 'TRAILING_STOP', exit_price: stop } },
    ]);
    const elsewhere = followed(side);
    expect(elsewhere.step(after(1_000, best, { source: 'fallback' }))).toEqual([]);
    expect(elsewhere.step(after(2_000, stop))).toEqual([]);
  });
});

describe('the entry and exit of a shadow', () => {
  const levels = {
    bids: [
      ['99.9', '5'],
      ['99.8', '5'],
    ],
    asks: [
      ['100', '5'],
      ['100.2', '5'],
    ],
  } as const;
  const shown = { bids: levels.bids.map(([p, q]): Level => [p, q]), asks: levels.asks.map(([p, q]): Level => [p, q]) };

  test('take through the levels of the book and pay slippage, as real ones do', () => {
    const costly = defaultSettings({ simulation: { position_size: 10 }, fees: { slippage_bp: 1 } });
    const followUps = new FollowUps(costly);
    followUps.open('refused', planOf('LONG'), after(0, 100, { levels: shown }));
    const [end] = followUps.endAll('SESSION_END', after(1_000, 99.9, { levels: shown }));
    const [entry, exit] = [100.1 * 1.0001, 99.85 * 0.9999];
    expect(end?.followUp).toMatchObject({ outcome: 'CLOSED', exit_reason: 'SESSION_END' });
    expect(end?.followUp.exit_price).toBeCloseTo(exit, 9);
    expect(end?.followUp.gross_bp).toBeCloseTo((10_000 * (exit - entry)) / entry, 2);
  });

  const limit = defaultSettings({ simulation: { mode: 'HF_LIMIT', position_size: 1 }, fees: { slippage_bp: 0 } });
  const trade = (ms: number, price: string, qty: string) =>
    aTrade({ ts_event: T0 + ms, price, qty, buyer_is_maker: true });
  const resting = () => {
    const followUps = new FollowUps(limit);
    followUps.open('refused', { ...planOf('LONG'), entryPrice: 99.9 }, after(0, 100, { levels: shown }));
    return followUps;
  };

  test('rest in the queue that the book shows, and hold from their fill on', () => {
    const followUps = resting();
    followUps.onTrade(trade(1_000, '99.9', '5.9'));
    followUps.onTrade(trade(20_000, '99.9', '0.1'));
    const holdMs = limit.risk.max_hold_sec * 1_000;
    expect(followUps.step(after(20_000 + holdMs - 1, 99.9))).toEqual([]);
    expect(followUps.step(after(20_000 + holdMs, 99.9))).toMatchObject([{ followUp: { exit_reason: 'TIME_EXIT' } }]);
  });

  test('are MISSED at the timeout, not closed, where the queue was not traded through', () => {
    const followUps = resting();
    followUps.onTrade(trade(1_000, '99.9', '5.9'));
    expect(followUps.step(after(29_999, 100))).toEqual([]);
    const [end] = followUps.step(after(30_000, 100));
    expect(end?.followUp).toEqual({
      outcome: 'MISSED',
      exit_price: 99.9,
      exit_ts: T0 + 30_000,
      gross_bp: 0,
      net_bp: 0,
    });
  });
});
