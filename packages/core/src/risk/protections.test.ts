import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cooldownAfterExit,
  dailyLoss,
  exposureRule,
  lossStreak,
  lowProfitSymbol,
  maxDrawdown,
  maxOpenPositions,
  stopLossGuard,
  type TradingRecord,
} from './protections.ts';

const { protections, trading } = defaultSettings();
const MINUTE = 60_000;
const DAY = 86_400_000;
/** Noon of a UTC day. */
const NOON = T0 - (T0 % DAY) + DAY / 2;

function trade(exit_ts: number, realized_pnl: number, fields: Partial<ClosedTrade> = {}): ClosedTrade {
  return {
    run: 'r',
    entry_signal_id: `e${exit_ts}`,
    exit_signal_id: `x${exit_ts}`,
    symbol: 'BTCUSDT',
    side: 'LONG',
    quantity: 1,
    entry_price: 100,
    exit_price: 100,
    entry_ts: exit_ts - MINUTE,
    exit_ts,
    exit_reason: 'STOP_LOSS',
    gross_pnl: realized_pnl,
    fees: 0,
    realized_pnl,
    simulated: true,
    ...fields,
  };
}

const record = (trades: ClosedTrade[], nowMs = NOON, fields: Partial<TradingRecord> = {}): TradingRecord => ({
  symbol: 'BTCUSDT',
  nowMs,
  trades,
  walletBalance: 10_000,
  ...fields,
});

describe('COOLDOWN_AFTER_EXIT', () => {
  test('denies until a minute after the last exit on the symbol', () => {
    const trades = [trade(NOON - 59_999, 1), trade(NOON - 500_000, 1)];
    const until_ts = NOON + 1;
    expect(cooldownAfterExit(record(trades), protections)).toEqual({
      rule: 'COOLDOWN_AFTER_EXIT',
      outcome: 'DENIED',
      value: 59.999,
      limit: 60,
      until_ts,
    });
    expect(cooldownAfterExit(record(trades, until_ts), protections).outcome).toBe('PASSED');
  });
  test('does not deny on another symbol, without an exit, or with a limit of 0', () => {
    const last = trade(NOON - 1, 1);
    expect(cooldownAfterExit(record([last], NOON, { symbol: 'ETHUSDT' }), protections).outcome).toBe('OFF');
    expect(cooldownAfterExit(record([]), protections).outcome).toBe('OFF');
    expect(cooldownAfterExit(record([last]), { ...protections, cooldown_sec: 0 }).outcome).toBe('OFF');
  });
});

describe('STOP_LOSS_GUARD', () => {
  const stops = [1, 20, 40, 59].map((minutes, i) =>
    trade(NOON - minutes * MINUTE, -1, { symbol: i % 2 ? 'ETHUSDT' : 'BTCUSDT' }),
  );
  test('locks for an hour after the last of four stops within the hour, on any symbol', () => {
    const until_ts = NOON + 59 * MINUTE;
    expect(stopLossGuard(record(stops), protections)).toMatchObject({
      outcome: 'DENIED',
      value: 4,
      limit: 4,
      until_ts,
    });
    expect(stopLossGuard(record(stops, until_ts - 1), protections)).toMatchObject({ outcome: 'DENIED', until_ts });
    expect(stopLossGuard(record(stops, until_ts), protections).outcome).toBe('PASSED');
  });
  test.each([
    ['three are too few', stops.slice(1)],
    ['one over an hour before the last does not count', [...stops.slice(0, 3), trade(NOON - 61 * MINUTE, -1)]],
    [
      'one that a trailing stop closed with a gain does not',
      [...stops.slice(1), trade(NOON, 1, { exit_reason: 'TRAILING_STOP' })],
    ],
    ['one left for its time does not', [...stops.slice(1), trade(NOON, -1, { exit_reason: 'TIME_EXIT' })]],
  ])('%s', (_, trades) => {
    expect(stopLossGuard(record(trades), protections)).toMatchObject({ outcome: 'PASSED', value: 3 });
  });
});

describe('MAX_DRAWDOWN', () => {
  /** 10,000 → 11,000 → 9,000: 18.18 % below the peak, an hour ago. */
  const fall = [trade(NOON - 3 * 60 * MINUTE, 1_000), trade(NOON - 60 * MINUTE, -2_000)];
  test('counts from the peak and locks for twelve hours', () => {
    const judged = maxDrawdown(record(fall, NOON, { walletBalance: 9_000 }), protections);
    expect(judged).toMatchObject({ outcome: 'DENIED', limit: 15, until_ts: NOON + 660 * MINUTE });
    expect(judged.value).toBeCloseTo((100 * 2_000) / 11_000, 9);
    expect(maxDrawdown(record(fall, NOON + 660 * MINUTE, { walletBalance: 9_000 }), protections).outcome).toBe(
      'PASSED',
    );
  });
  test('does not end its lock at a win', () => {
    const trades = [...fall, trade(NOON - MINUTE, 1_900)];
    expect(maxDrawdown(record(trades, NOON, { walletBalance: 10_900 }), protections).outcome).toBe('DENIED');
  });
  test('passes a smaller fall with its figure', () => {
    const judged = maxDrawdown(record([trade(NOON - MINUTE, -1_000)], NOON, { walletBalance: 9_000 }), protections);
    expect(judged).toMatchObject({ outcome: 'PASSED', value: 10, limit: 15 });
  });
});

describe('DAILY_LOSS', () => {
  test('counts from the balance at the start of the UTC day, until midnight', () => {
    const trades = [trade(NOON - DAY, -4_000), trade(NOON - MINUTE, -500)];
    expect(dailyLoss(record(trades, NOON, { walletBalance: 9_500 }), protections)).toMatchObject({
      outcome: 'DENIED',
      value: 5,
      limit: 5,
      until_ts: NOON + DAY / 2,
    });
    expect(dailyLoss(record(trades, NOON + DAY / 2, { walletBalance: 9_500 }), protections)).toMatchObject({
      outcome: 'PASSED',
      value: 0,
    });
  });
  test('counts no gain as a loss', () => {
    expect(dailyLoss(record([trade(NOON, 500)]), protections)).toMatchObject({ outcome: 'PASSED', value: 0 });
  });
});

describe('LOSS_STREAK', () => {
  const losses = [1, 2, 3, 4, 5, 6].map((minutes) => trade(NOON - minutes * MINUTE, -1));
  test('locks for an hour after the last of six losing trades in a row', () => {
    const until_ts = NOON + 59 * MINUTE;
    expect(lossStreak(record(losses), protections)).toMatchObject({ outcome: 'DENIED', value: 6, limit: 6, until_ts });
    expect(lossStreak(record(losses, until_ts - 1), protections).outcome).toBe('DENIED');
    expect(lossStreak(record(losses, until_ts), protections)).toMatchObject({ outcome: 'PASSED', value: 6 });
  });
  test('ends with a trade that lost nothing', () => {
    const trades = [trade(NOON, 0), ...losses];
    expect(lossStreak(record(trades), protections)).toEqual({
      rule: 'LOSS_STREAK',
      outcome: 'PASSED',
      value: 0,
      limit: 6,
    });
  });
  test('is off without trades, or with a count of 0', () => {
    expect(lossStreak(record([]), protections).outcome).toBe('OFF');
    expect(lossStreak(record(losses), { ...protections, loss_streak_count: 0 }).outcome).toBe('OFF');
  });
});

describe('LOW_PROFIT_SYMBOL', () => {
  const results = [-1, -2, 4, -2].map((pnl, i) => trade(NOON - i * MINUTE, pnl, { exit_reason: 'TIME_EXIT' }));
  test('locks a symbol for an hour after four trades that lost in sum', () => {
    expect(lowProfitSymbol(record(results), protections)).toMatchObject({
      outcome: 'DENIED',
      value: -1,
      until_ts: NOON + 60 * MINUTE,
    });
    expect(lowProfitSymbol(record(results, NOON + 60 * MINUTE), protections).outcome).toBe('PASSED');
    expect(lowProfitSymbol(record(results, NOON, { symbol: 'ETHUSDT' }), protections).outcome).toBe('OFF');
  });
  test('does not lock for too few trades, a gain in sum, or hand-made trades', () => {
    expect(lowProfitSymbol(record(results.slice(1)), protections).outcome).toBe('PASSED');
    expect(lowProfitSymbol(record([...results, trade(NOON - 5 * MINUTE, 9)]), protections).outcome).toBe('PASSED');
    const byHand = results.map((each) => ({ ...each, origin: 'EXTERNAL' as const }));
    expect(lowProfitSymbol(record(byHand), protections).outcome).toBe('OFF');
  });
});

test('MAX_OPEN_POSITIONS and the exposures deny at their limit', () => {
  expect(maxOpenPositions(2, trading).outcome).toBe('PASSED');
  expect(maxOpenPositions(3, trading)).toMatchObject({ outcome: 'DENIED', value: 3, limit: 3 });
  expect(exposureRule('TOTAL_EXPOSURE', 19_999, 10_000, 200).outcome).toBe('PASSED');
  expect(exposureRule('TOTAL_EXPOSURE', 20_000, 10_000, 200)).toMatchObject({ outcome: 'DENIED', value: 200 });
  expect(exposureRule('SYMBOL_EXPOSURE', 0, 0, 100).outcome).toBe('DENIED');
});

test('every protection ends by itself at its announced time, for any trades', () => {
  const anyTrade = fc
    .tuple(
      fc.integer({ min: 0, max: 2_000 }),
      fc.integer({ min: -3_000, max: 500 }),
      fc.constantFrom('STOP_LOSS', 'TRAILING_STOP', 'TIME_EXIT'),
    )
    .map(([minutes, pnl, exit_reason]) =>
      trade(NOON - minutes * MINUTE, pnl, { exit_reason: exit_reason as 'STOP_LOSS' }),
    );
  const rules = [cooldownAfterExit, stopLossGuard, maxDrawdown, dailyLoss, lowProfitSymbol];
  let denials = 0;
  fc.assert(
    fc.property(fc.array(anyTrade, { maxLength: 40 }), (trades) => {
      for (const rule of rules) {
        const { outcome, until_ts } = rule(record(trades), protections);
        if (outcome !== 'DENIED') continue;
        denials += 1;
        expect(until_ts).toBeGreaterThan(NOON);
        expect(rule(record(trades, (until_ts ?? 0) - 1), protections).outcome).toBe('DENIED');
        expect(rule(record(trades, until_ts), protections).outcome).not.toBe('DENIED');
      }
    }),
  );
  expect(denials).toBeGreaterThan(50);
});
