import { z } from 'zod';
import { RememberedState } from './fleet.ts';
import { EpochMs, RunLabel } from './primitives.ts';

/**
 * Performance of the strategy's closed trades of a run; trades opened by hand are counted separately. Money in quote currency,
 * net of fees unless named gross. An optional figure is absent if it is not defined (no trade yet, no loss to divide by).
 */
export const PerformanceSummary = z.strictObject({
  run: RunLabel,
  mode: z.string(),
  total_pnl: z.number(),
  total_trades: z.number().int(),
  wins: z.number().int(),
  losses: z.number().int(),
  /** 0..100. */
  win_rate: z.number(),
  /** 0..100, of the equity peak. */
  max_drawdown_pct: z.number(),
  /** 0..100: how far equity is below its peak now. Absent in records of earlier versions, like the next two. */
  drawdown_pct: z.number().optional(),
  /** Realised PnL on the UTC day of `updated_ts`, and the equity at the start of that day. */
  day_pnl: z.number().optional(),
  day_start_equity: z.number().optional(),
  peak_equity: z.number(),
  equity: z.number(),
  starting_balance: z.number(),
  gross_pnl: z.number(),
  total_fees: z.number(),
  /** Funding paid minus received. */
  total_funding: z.number().default(0),
  profit_factor: z.number().optional(),
  /** Mean realised PnL per trade. */
  expectancy: z.number().optional(),
  average_win: z.number().optional(),
  average_loss: z.number().optional(),
  best_trade: z.number().optional(),
  worst_trade: z.number().optional(),
  /** Of daily returns (all UTC days from the first trade through today), annualised by √365; absent below ten days. */
  sharpe: z.number().optional(),
  sortino: z.number().optional(),
  max_win_streak: z.number().int(),
  max_loss_streak: z.number().int(),
  /** Positive: present wins in a row; negative: losses in a row. */
  current_streak: z.number().int(),
  /** Number of recorded signals, including those by hand and those without effect on other figures. */
  signals: z.number().int(),
  replaced: z.number().int(),
  missed: z.number().int(),
  orphan_exits: z.number().int(),
  denied: z.number().int().default(0),
  /** Closed trades opened by hand, and their realised PnL. No other figure includes them. Absent in older records. */
  external_trades: z.number().int().optional(),
  external_pnl: z.number().optional(),
  updated_ts: EpochMs,
});
export type PerformanceSummary = z.infer<typeof PerformanceSummary>;

/** Marks that Redis holds the whole projection of a ledger. */
export const LedgerProjection = z.strictObject({
  run: RunLabel,
  /** File name; each session of a replay has its own. */
  ledger: z.string(),
  /** Created with the ledger; absent if an earlier version wrote the projection. */
  ledger_id: z.string().optional(),
  /** Number of decisions in the ledger when the projection was written. */
  signals: z.number().int(),
  /** The trading state in the ledger; absent if an earlier version wrote the projection. */
  trading: RememberedState.optional(),
});
export type LedgerProjection = z.infer<typeof LedgerProjection>;
