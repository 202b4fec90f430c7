import { describe, expect, test } from 'vitest';
import type { Side } from '../../domain/signal.ts';
import { defaultSettings, T0 } from '../../testing/builders.ts';
import type { ExitPlan } from './exit-plan.ts';
import { type FollowUpMoment, FollowUps } from './follow-up.ts';
import type { KnownPrice } from './market-memory.ts';

const params = defaultSettings();

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
