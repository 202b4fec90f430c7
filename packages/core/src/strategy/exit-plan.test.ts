import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import { type ExitPlan, exitReasonOf } from './exit-plan.ts';

const params = defaultSettings();
const long: ExitPlan = {
  side: 'LONG',
  entryPrice: 100,
  entryTs: T0,
  stopLoss: 99,
  takeProfit: 103,
  regime: 'UNKNOWN',
};
const short: ExitPlan = { ...long, side: 'SHORT', stopLoss: 101, takeProfit: 97 };
const quiet = { nowMs: T0 + 1_000, price: 100, provesGain: true, reversed: false, judgeStops: true };
const trailing = { extreme: 102, stop: 101.5, stopLoss: undefined };
const shocked = { extreme: 101, stop: undefined, stopLoss: 99.3 };

describe('reasons to exit', () => {
  test.each([
    ['LONG at its stop', long, undefined, { price: 99 }, 'STOP_LOSS'],
    ['LONG above its stop', long, undefined, { price: 99.01 }, undefined],
    ['SHORT at its stop', short, undefined, { price: 101 }, 'STOP_LOSS'],
    ['SHORT below its stop', short, undefined, { price: 100.99 }, undefined],
    ['LONG at its target', long, undefined, { price: 103 }, 'TAKE_PROFIT'],
    ['SHORT at its target', short, undefined, { price: 97 }, 'TAKE_PROFIT'],
    ['LONG that was at its target once', long, undefined, { price: 103, provesGain: false }, undefined],
    ['SHORT that was at its stop once', short, undefined, { price: 101, provesGain: false }, 'STOP_LOSS'],
    ['LONG at its trail', long, trailing, { price: 101.5 }, 'TRAILING_STOP'],
    ['LONG above its trail', long, trailing, { price: 101.6 }, undefined],
    ['SHORT at its trail', short, { ...trailing, extreme: 98, stop: 98.5 }, { price: 98.5 }, 'TRAILING_STOP'],
    ['LONG at the stop that a shock drew in', long, shocked, { price: 99.3 }, 'STOP_LOSS'],
    ['LONG above it', long, shocked, { price: 99.31 }, undefined],
    ['SHORT at its own', short, { ...shocked, stopLoss: 100.7 }, { price: 100.7 }, 'STOP_LOSS'],
    ['after the holding time', long, undefined, { nowMs: T0 + 1_800_000 }, 'TIME_EXIT'],
    ['a millisecond before', long, undefined, { nowMs: T0 + 1_799_999 }, undefined],
    ['time without any price', long, undefined, { nowMs: T0 + 1_800_000, price: undefined }, 'TIME_EXIT'],
    ['no price, no time', long, undefined, { price: undefined }, undefined],
    ['turned around', long, undefined, { reversed: true, nowMs: T0 + 60_000 }, 'SIGNAL_REVERSAL'],
    ['turned around too soon', long, undefined, { reversed: true, nowMs: T0 + 59_999 }, undefined],
    ['stop before time and reversal', long, undefined, { price: 90, nowMs: T0 + 9e9, reversed: true }, 'STOP_LOSS'],
  ] as const)('%s', (_, plan, itsTrailing, inputs, expected) => {
    expect(exitReasonOf(plan, itsTrailing, { ...quiet, ...inputs }, params)).toBe(expected);
  });

  test('in live the venue watches the two stops', () => {
    expect(exitReasonOf(long, trailing, { ...quiet, price: 50, judgeStops: false }, params)).toBeUndefined();
    expect(exitReasonOf(long, trailing, { ...quiet, price: 103, judgeStops: false }, params)).toBe('TAKE_PROFIT');
  });

  test('the regime at entry scales the holding time', () => {
    const wild = { ...long, regime: 'VOLATILE' as const };
    expect(exitReasonOf(wild, undefined, { ...quiet, nowMs: T0 + 900_000 }, params)).toBe('TIME_EXIT');
  });

  test('nothing reverses a position opened by hand without a stop', () => {
    const byHand = { ...long, stopLoss: undefined, takeProfit: undefined };
    expect(
      exitReasonOf(byHand, undefined, { ...quiet, nowMs: T0 + 60_000, price: 1, reversed: true }, params),
    ).toBeUndefined();
    expect(exitReasonOf(byHand, undefined, { ...quiet, nowMs: T0 + 1_800_000 }, params)).toBe('TIME_EXIT');
  });

  test('reversal can be switched off', () => {
    const calm = defaultSettings({ risk: { reversal_exit: 'off' } });
    expect(exitReasonOf(long, undefined, { ...quiet, nowMs: T0 + 60_000, reversed: true }, calm)).toBeUndefined();
  });

  test('in gain, a reversal must pay for the round trip, at a price that proves it', () => {
    const inGain = defaultSettings({ risk: { reversal_exit: 'in_gain' } });
    // Two taker fees of 4 bp and twice half a basis point of slippage: 9 bp.
    const at = (price: number, fields = {}) =>
      exitReasonOf(long, undefined, { ...quiet, nowMs: T0 + 60_000, reversed: true, price, ...fields }, inGain);
    expect(at(100.0899)).toBeUndefined();
    expect(at(100.1)).toBe('SIGNAL_REVERSAL');
    expect(at(100.1, { provesGain: false })).toBeUndefined();
    expect(at(99.5)).toBeUndefined();
  });

  test('no reversal leaves at the extreme of a candle', () => {
    const candles = { endOfHold: (dueTs: number) => dueTs, isExtremeAt: (ts: number) => ts % 60_000 === 40_000 };
    const minute = Math.ceil(T0 / 60_000) * 60_000 + 60_000;
    const inputs = { ...quiet, reversed: true, price: 100.2 };
    for (const reversal_exit of ['in_gain', 'always'] as const) {
      const settings = defaultSettings({ risk: { reversal_exit } });
      const at = (ms: number, more = {}) =>
        exitReasonOf({ ...long, ...more }, undefined, { ...inputs, nowMs: minute + ms }, settings);
      expect(at(40_000, { candles })).toBeUndefined();
      expect(at(59_000, { candles })).toBe('SIGNAL_REVERSAL');
      expect(at(40_000)).toBe('SIGNAL_REVERSAL');
    }
  });

  test('the horizon of its reason limits a position, and max_hold_sec limits the horizon', () => {
    const at = (horizonMin: number, minutes: number) =>
      exitReasonOf({ ...long, horizonMin }, undefined, { ...quiet, nowMs: T0 + minutes * 60_000 }, params);
    expect(at(15, 14.9)).toBeUndefined();
    expect(at(15, 15)).toBe('TIME_EXIT');
    expect(at(60, 29.9)).toBeUndefined();
    expect(at(60, 30)).toBe('TIME_EXIT');
  });
});
