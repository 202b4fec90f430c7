import { describe, expect, test } from 'vitest';
import { madeResult, madeTrade } from '../testing/made-result.ts';
import { equityCurve } from './equity-curve.ts';
import { monthsOf } from './months.ts';
import { dailyReturnsOf } from './performance-estimates.ts';

const FEBRUARY = Date.UTC(2026, 1, 1);
const MARCH = Date.UTC(2026, 2, 1);
const trade = (exit_ts: number) => madeTrade({ exit_ts, entry_ts: exit_ts - 1_000, realized_pnl: 10 });
const hold = [FEBRUARY, MARCH - 60_000, MARCH].map((ts, n) => ({ ts, equity: 100 * 2 ** n, drawdownPct: 0 }));

describe('data that end at midnight', () => {
  test('make no empty month, and their last price belongs to the month before', () => {
    const result = madeResult({ firstTs: FEBRUARY, lastTs: MARCH, trades: [trade(FEBRUARY + 1_000)] });
    expect(monthsOf(result.trades, equityCurve(result), hold)).toMatchObject([
      { month: '2026-02', trades: 1, pnl: 10, holdPct: 300 },
    ]);
    expect(dailyReturnsOf(result)).toHaveLength(28);
  });

  test('keep the month and the day of a trade that closes then', () => {
    const result = madeResult({ firstTs: FEBRUARY, lastTs: MARCH, trades: [trade(FEBRUARY + 1_000), trade(MARCH)] });
    expect(monthsOf(result.trades, equityCurve(result), hold).map(({ trades }) => trades)).toEqual([1, 1]);
    expect(dailyReturnsOf(result)).toHaveLength(29);
  });
});
