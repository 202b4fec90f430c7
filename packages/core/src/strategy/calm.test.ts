import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gridOfDecimals } from '../price/price-grid.ts';
import { calmOf, isCalm, type Present, trailingAfter } from './calm.ts';
import { exitReasonOf, maxHoldMs, planOf } from './exit-plan.ts';
import type { ManagedPosition } from './exposure.ts';
import { type KnownPrice, movesTrailingStop } from './known-price.ts';
import { advanceTrailingStop } from './trailing.ts';

const params = defaultSettings({ risk: { max_hold_sec: 300, trailing_stop: true } });
const grid = gridOfDecimals(2);
const END = T0 + maxHoldMs({ regime: 'UNKNOWN' }, params);

function position(side: 'LONG' | 'SHORT'): ManagedPosition {
  const sign = side === 'LONG' ? 1 : -1;
  const record = {
    run: 'test-run',
    symbol: 'BTCUSDT',
    side,
    quantity: 1,
    entry_price: 100,
    entry_ts: T0,
    entry_fee: 0,
    signal_id: 's1',
    stop_loss: 100 - sign * 2,
    take_profit: 100 + sign * 3,
    simulated: true,
  } as const;
  return { position: record, plan: planOf(record), trailing: undefined, exit: undefined };
}

const onBook = (price: number): KnownPrice => ({ price, source: 'book', ageMs: 0 });
const present = (fields: Partial<Present> & { at?: number } = {}): Present => {
  const { at = 100, ...rest } = fields;
  return { nowMs: T0 + 1_000, price: onBook(at), atr: 0.5, hourRange: 0.6, tightening: 1, ...rest };
};

/** Judges like `Shadow`: the trailing stop first, then the exit rules. Returns the exit reason, if any. */
function judge(managed: ManagedPosition, { nowMs, price, atr, tightening }: Present) {
  if (price && movesTrailingStop(price))
    managed.trailing = advanceTrailingStop(
      managed.plan,
      managed.trailing,
      price.price,
      { atr, grid, tightening },
      params,
    );
  const moment = { nowMs, price: price?.price, provesGain: true, reversed: false, judgeStops: true };
  return exitReasonOf(managed.plan, managed.trailing, moment, params);
}

function judged(side: 'LONG' | 'SHORT', now = present()): ManagedPosition {
  const managed = position(side);
  expect(judge(managed, now)).toBeUndefined();
  return managed;
}

const calmAt = (managed: ManagedPosition, before: Present, now: Present): boolean => {
  const calm = calmOf(managed, before, params);
  return calm !== undefined && isCalm(calm, managed.plan.side, now);
};

const moments = fc.array(
  fc.record({
    at: fc.oneof(
      { weight: 20, arbitrary: fc.double({ min: 98.2, max: 101.5, noNaN: true }) },
      { weight: 1, arbitrary: fc.constantFrom(98, 100, 103) },
    ),
    atr: fc.oneof(
      { weight: 6, arbitrary: fc.constant(0.5) },
      { weight: 1, arbitrary: fc.constantFrom(undefined, 0.1, 1) },
    ),
    tightening: fc.oneof({ weight: 20, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(0.5) }),
    afterMs: fc.integer({ min: 0, max: 10_000 }),
    source: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('book', 'trade') },
      { weight: 1, arbitrary: fc.constantFrom('last book', 'fallback', undefined) },
    ),
  }),
  { minLength: 1, maxLength: 40 },
);

test('while the limits hold, judging changes nothing', () => {
  let calmReadings = 0;
  const walk = fc.property(fc.constantFrom('LONG', 'SHORT'), moments, (side, steps) => {
    const managed = position(side);
    let calm: ReturnType<typeof calmOf>;
    let nowMs = T0;
    for (const { at, atr, tightening, afterMs, source } of steps) {
      nowMs += afterMs;
      const ageMs = source === 'book' || source === 'trade' ? 0 : 90_000;
      const now = { nowMs, price: source && { price: at, source, ageMs }, atr, hourRange: 0.6, tightening };
      const wasCalm = calm !== undefined && isCalm(calm, side, now);
      const before = managed.trailing;
      const reason = judge(managed, now);
      if (wasCalm) {
        calmReadings += 1;
        expect([reason, managed.trailing]).toEqual([undefined, before]);
        continue;
      }
      if (reason !== undefined) return;
      calm = calmOf(managed, now, params);
    }
  });
  // No shrinking of a failure: it would take minutes.
  fc.assert(walk, { numRuns: 3_000, endOnFailure: true });
  expect(calmReadings).toBeGreaterThan(1_000);
});

describe('the limits end', () => {
  test.each([
    ['at the stop', { at: 98 }],
    ['at a better price than the best', { at: 100.01 }],
    ['when the ATR changes', { atr: 0.4 }],
    ['when the volatility of the last hour changes', { hourRange: 0.7 }],
    ['when the ATR is no longer known', { atr: undefined }],
    ['when a shock draws the stops in', { tightening: 0.5 }],
    ['when the position has been held long enough', { nowMs: END }],
    ['when the clock is set back', { nowMs: T0 }],
    ['when no price is known', { price: undefined }],
  ])('%s', (_, change) => {
    const managed = judged('LONG');
    expect(calmAt(managed, present(), present({ at: 99 }))).toBe(true);
    expect(calmAt(managed, present(), present({ at: 99, ...change }))).toBe(false);
  });

  test('at the target, if the trailing stop was there before', () => {
    const managed = { ...judged('LONG'), trailing: { extreme: 103.5, stop: undefined, stopLoss: undefined } };
    expect(calmAt(managed, present(), present({ at: 102.9 }))).toBe(true);
    expect(calmAt(managed, present(), present({ at: 103 }))).toBe(false);
  });

  test('at an armed trailing stop', () => {
    const managed = { ...judged('SHORT'), trailing: { extreme: 98, stop: 99, stopLoss: undefined } };
    expect(calmAt(managed, present(), present({ at: 98.9 }))).toBe(true);
    expect(calmAt(managed, present(), present({ at: 99 }))).toBe(false);
  });
});

describe('there are no limits', () => {
  test('before the first price, and while an exit is pending', () => {
    expect(calmOf(position('LONG'), present(), params)).toBeUndefined();
    const exit = { reason: 'STOP_LOSS', ts: T0, attempt: 1 } as const;
    expect(calmOf({ ...judged('LONG'), exit }, present(), params)).toBeUndefined();
  });

  test('after a price that moves no trailing stop, which an earlier ATR has set', () => {
    const managed = judged('LONG');
    const stale = present({ atr: 0.1, price: { price: 99.9, source: 'fallback', ageMs: 0 } });
    expect(judge(managed, stale)).toBeUndefined();
    expect(calmOf(managed, stale, params)).toBeUndefined();
  });
});

test('prices that pass at once leave a position as judging each of them would', () => {
  const offset = fc.integer({ min: -250, max: 350 });
  let passes = 0;
  fc.assert(
    fc.property(
      fc.constantFrom('LONG' as const, 'SHORT' as const),
      fc.array(offset, { minLength: 1, maxLength: 4 }),
      fc.array(offset, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(0.2, 0.5, 1),
      (side, before, after, atr) => {
        const managed = position(side);
        const now = (cents: number) => present({ at: 100 + (side === 'LONG' ? cents : -cents) / 100, atr });
        for (const cents of before) if (judge(managed, now(cents)) !== undefined) return;
        const prices = after.map((cents) => now(cents).price?.price ?? Number.NaN);
        const passed = { low: Math.min(...prices), high: Math.max(...prices), untilMs: T0 + 60_000 };
        const trailing = trailingAfter(managed, passed, { atr, grid, tightening: 1 }, params);
        if (trailing === undefined) return;
        passes += 1;
        for (const cents of after) expect(judge(managed, { ...now(cents), nowMs: T0 + 60_000 })).toBeUndefined();
        expect(managed.trailing).toEqual(trailing);
      },
    ),
    { numRuns: 1_000 },
  );
  expect(passes).toBeGreaterThan(50);
});

test('nothing passes when the holding time ends, or an exit is on its way', () => {
  const managed = judged('LONG');
  const passed = { low: 100, high: 100, untilMs: END - 1 };
  const measure = { atr: 0.5, grid, tightening: 1 };
  expect(trailingAfter(managed, passed, measure, params)).toEqual(managed.trailing);
  expect(trailingAfter(managed, { ...passed, untilMs: END }, measure, params)).toBeUndefined();
  const exit = { reason: 'TIME_EXIT', ts: T0, attempt: 1 } as const;
  expect(trailingAfter({ ...managed, exit }, passed, measure, params)).toBeUndefined();
});
