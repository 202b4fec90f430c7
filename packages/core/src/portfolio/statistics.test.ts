import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import { PerformanceSummary } from '@helios/shared/domain/statistics.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PerformanceStatistics } from './statistics.ts';

const DAY = 86_400_000;
const params = { run: 'r', mode: 'HF_MARKET', startingBalance: 1_000, riskFreeRatePct: 0 };

function trade(gross_pnl: number, fees = 0, exit_ts = 0): ClosedTrade {
  return {
    run: 'r',
    entry_signal_id: 'a',
    exit_signal_id: 'b',
    symbol: 'BTCUSDT',
    side: 'LONG',
    quantity: 1,
    entry_price: 1,
    exit_price: 1,
    entry_ts: 0,
    exit_ts,
    gross_pnl,
    fees,
    realized_pnl: gross_pnl - fees,
    simulated: true,
  };
}

function after(trades: readonly ClosedTrade[], { riskFreeRatePct = 0, nowMs = 7 } = {}): PerformanceSummary {
  const statistics = new PerformanceStatistics({ ...params, riskFreeRatePct });
  for (const t of trades) statistics.addTrade(t);
  return statistics.summary(nowMs);
}

describe('figures computed by hand', () => {
  it('leave undefined figures out before any trade', () => {
    const summary = PerformanceSummary.parse(after([]));
    expect(summary).toMatchObject({ total_pnl: 0, win_rate: 0, peak_equity: 1_000, equity: 1_000, current_streak: 0 });
    expect(summary.profit_factor).toBeUndefined();
    expect(summary.expectancy).toBeUndefined();
    expect(summary.sharpe).toBeUndefined();
  });

  it('are right for five trades', () => {
    // Net: +100, −50, −150, 0, +300. Equity: 1100, 1050, 900, 900, 1200.
    const summary = after([trade(101, 1), trade(-48, 2), trade(-149, 1), trade(3, 3), trade(304, 4)]);
    expect(summary).toMatchObject({
      total_pnl: 200,
      total_trades: 5,
      wins: 2,
      losses: 3,
      win_rate: 40,
      peak_equity: 1_200,
      equity: 1_200,
      gross_pnl: 211,
      total_fees: 11,
      profit_factor: 2,
      expectancy: 40,
      average_win: 200,
      best_trade: 300,
      worst_trade: -150,
      max_win_streak: 1,
      max_loss_streak: 3,
      current_streak: 1,
      updated_ts: 7,
    });
    expect(summary.average_loss).toBeCloseTo(-200 / 3, 9);
    // From the peak of 1100 down to 900.
    expect(summary.max_drawdown_pct).toBeCloseTo(18.1818181818, 9);
  });

  it('keep the worst drawdown after a new peak, each relative to its own peak', () => {
    // 1000 → 900 (10 %) → 2000 → 1900 (5 %).
    expect(after([trade(-100), trade(1_100), trade(-100)]).max_drawdown_pct).toBe(10);
  });

  it('show 100 % if more than everything is lost', () => {
    const summary = after([trade(-1_500)]);
    expect(summary.equity).toBe(-500);
    expect(summary.max_drawdown_pct).toBe(100);
  });
});

describe('Sharpe and Sortino by hand', () => {
  // Day 0: +10 % (1000 → 1100). Days 1 to 8 idle. Day 9: −5 % (1100 → 1045). Returns 0.1, eight times 0, −0.05.
  const trades = [trade(60, 0, 10), trade(40, 0, DAY - 1), trade(-55, 0, 9 * DAY)];

  /** The ratios of 0.1, −0.05 and `idle` days of zero, each minus the daily `rf`. */
  function byHand(idle: number, rf = 0) {
    const returns = [0.1, -0.05, ...Array<number>(idle).fill(0)].map((r) => r - rf);
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    const mean = sum(returns) / returns.length;
    const spread = Math.sqrt(sum(returns.map((r) => (r - mean) ** 2)) / (returns.length - 1));
    const downside = Math.sqrt(sum(returns.map((r) => Math.min(0, r) ** 2)) / returns.length);
    return { sharpe: (mean / spread) * Math.sqrt(365), sortino: (mean / downside) * Math.sqrt(365) };
  }

  function expectRatios(summary: PerformanceSummary, { sharpe, sortino }: ReturnType<typeof byHand>): void {
    expect(summary.sharpe).toBeCloseTo(sharpe, 9);
    expect(summary.sortino).toBeCloseTo(sortino, 9);
  }

  it('count idle days between trades', () => {
    expectRatios(after(trades, { nowMs: 9 * DAY }), byHand(8));
  });

  it('count the idle days through today', () => {
    expectRatios(after(trades, { nowMs: 29 * DAY + 1 }), byHand(28));
  });

  it('subtract the risk-free rate on every day, also on idle ones', () => {
    expectRatios(after(trades, { nowMs: 9 * DAY, riskFreeRatePct: 36.5 }), byHand(8, 0.365 / 365));
  });

  it('are absent with fewer than ten days of data, even good ones', () => {
    const wins = [trade(1, 0, 0), trade(1.01, 0, DAY)];
    for (const nowMs of [DAY, 8 * DAY, 9 * DAY - 1]) {
      expect(after(wins, { nowMs }).sharpe).toBeUndefined();
      expect(after(trades.slice(0, 2), { nowMs }).sortino).toBeUndefined();
    }
    expect(after(wins, { nowMs: 9 * DAY }).sharpe).toBeDefined();
  });

  it('are absent without spread, without a loss (Sortino), and after equity reached zero', () => {
    const steady = Array.from({ length: 10 }, (_, day) => trade(100 * 1.1 ** day, 0, day * DAY));
    expect(after(steady, { nowMs: 9 * DAY }).sharpe).toBeUndefined();
    expect(after([trade(100), trade(300, 0, 9 * DAY)], { nowMs: 9 * DAY }).sortino).toBeUndefined();
    expect(after([trade(-2_000), trade(300, 0, 9 * DAY)], { nowMs: 9 * DAY }).sharpe).toBeUndefined();
  });

  it('count a trade stamped before the last one for the last day', () => {
    const late = [trade(60, 0, 10), trade(40, 0, DAY), trade(-20, 0, 5)];
    const inOrder = [trade(60, 0, 10), trade(40, 0, DAY), trade(-20, 0, DAY)];
    expect(after(late, { nowMs: 20 * DAY })).toEqual(after(inOrder, { nowMs: 20 * DAY }));
  });
});

describe('today', () => {
  it('starts with the equity at midnight UTC, and has the loss since then', () => {
    const trades = [trade(100, 0, DAY - 1), trade(-200, 0, DAY), trade(90, 0, DAY + 5)];
    expect(after(trades, { nowMs: 2 * DAY - 1 })).toMatchObject({ day_pnl: -110, day_start_equity: 1_100 });
    expect(after(trades, { nowMs: 2 * DAY })).toMatchObject({ day_pnl: 0, day_start_equity: 990 });
    expect(after([])).toMatchObject({ day_pnl: 0, day_start_equity: 1_000, drawdown_pct: 0 });
  });

  it('has a drawdown that ends with a new peak, while the maximum stays', () => {
    expect(after([trade(-100)])).toMatchObject({ drawdown_pct: 10, max_drawdown_pct: 10 });
    expect(after([trade(-100), trade(50)])).toMatchObject({ drawdown_pct: 5, max_drawdown_pct: 10 });
    expect(after([trade(-100), trade(150)])).toMatchObject({ drawdown_pct: 0, max_drawdown_pct: 10 });
  });
});

describe('outcomes', () => {
  it('count a signal once, also after its outcome changes', () => {
    const statistics = new PerformanceStatistics(params);
    statistics.addOutcome('RESTING', true);
    statistics.addOutcome('MISSED', false);
    statistics.addOutcome('REPLACED', true);
    statistics.addOutcome('ORPHAN_EXIT', true, 3);
    expect(statistics.summary(0)).toMatchObject({ signals: 5, missed: 1, replaced: 1, orphan_exits: 3 });
  });
});

describe('for any trades', () => {
  const amount = fc.integer({ min: -400_000, max: 400_000 }).map((cents) => cents / 1_000);
  const trades = fc.array(
    fc.record({ gross: amount, fee: fc.integer({ min: 0, max: 5_000 }), hour: fc.integer({ min: 0, max: 200 }) }),
    { maxLength: 60 },
  );

  it('total_pnl is the sum of the trades, the peak never falls and is never below equity, the drawdown is within 0..100', () => {
    fc.assert(
      fc.property(trades, (list) => {
        const statistics = new PerformanceStatistics(params);
        let sum = 0;
        let peak = params.startingBalance;
        for (const { gross, fee, hour } of list) {
          const t = trade(gross, fee / 1_000, hour * 3_600_000);
          statistics.addTrade(t);
          sum += t.realized_pnl;
          const now = PerformanceSummary.parse(statistics.summary(0));
          expect(now.total_pnl).toBeCloseTo(sum, 6);
          expect(now.gross_pnl - now.total_fees).toBeCloseTo(now.total_pnl, 6);
          expect(now.equity).toBeCloseTo(params.startingBalance + sum, 6);
          expect(now.peak_equity).toBeGreaterThanOrEqual(Math.max(peak, now.equity));
          peak = now.peak_equity;
          expect(now.max_drawdown_pct).toBeGreaterThanOrEqual(0);
          expect(now.max_drawdown_pct).toBeLessThanOrEqual(100);
          expect(now.wins + now.losses).toBe(now.total_trades);
        }
      }),
    );
  });

  it('statistics rebuilt from the trades are the same to the last bit', () => {
    fc.assert(
      fc.property(trades, (list) => {
        const made = list.map(({ gross, fee, hour }) => trade(gross, fee / 1_000, hour * 3_600_000));
        const running = new PerformanceStatistics(params);
        for (const t of made) {
          running.addTrade(t);
          running.summary(0);
        }
        expect(running.summary(7)).toEqual(after(made));
      }),
    );
  });
});
