import { z } from 'zod';
import { RememberedState } from './fleet.ts';
import { EpochMs, RunLabel } from './primitives.ts';

/**
 * Performance of the strategy's closed trades of a run; those opened by hand are counted apart. Money in quote currency, net of fees unless named gross.
 * An optional figure is absent where it is not defined (no trade yet, no loss to divide by).
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
  /** 0..100: how far equity stands below its peak now. Absent in records of earlier versions, as the next two. */
  drawdown_pct: z.number().optional(),
  /** Realised on the UTC day of `updated_ts`, and the equity that day began with. */
  day_pnl: z.number().optional(),
  day_start_equity: z.number().optional(),
  peak_equity: z.number(),
  equity: z.number(),
  starting_balance: z.number(),
  gross_pnl: z.number(),
  total_fees: z.number(),
  /** Paid less received. */
  total_funding: z.number().default(0),
  profit_factor: z.number().optional(),
  /** Mean realised PnL per trade. */
  expectancy: z.number().optional(),
  average_win: z.number().optional(),
  average_loss: z.number().optional(),
  best_trade: z.number().optional(),
  worst_trade: z.number().optional(),
  /** Of daily returns (UTC days from the first trade through today, idle ones too), annualised by √365; from ten days on. */
  sharpe: z.number().optional(),
  sortino: z.number().optional(),
  max_win_streak: z.number().int(),
  max_loss_streak: z.number().int(),
  /** Positive: wins in a row now; negative: losses. */
  current_streak: z.number().int(),
  /** Signals recorded, hand-made ones too, and those that changed no figure. */
  signals: z.number().int(),
  replaced: z.number().int(),
  missed: z.number().int(),
  orphan_exits: z.number().int(),
  denied: z.number().int().default(0),
  /** Closed trades that a hand opened, and their realised PnL: in no other figure of this record. Absent in older records. */
  external_trades: z.number().int().optional(),
  external_pnl: z.number().optional(),
  updated_ts: EpochMs,
});
export type PerformanceSummary = z.infer<typeof PerformanceSummary>;

/** Says that Redis shows all of a ledger. */
export const LedgerProjection = z.strictObject({
  run: RunLabel,
  /** Its file's name: each session of a replay has its own. */
  ledger: z.string(),
  /** Made once with the ledger; absent from an image that an earlier version wrote. */
  ledger_id: z.string().optional(),
  /** Decisions on record when the image was written. */
  signals: z.number().int(),
  /** The trading state in the ledger; absent from an image that an earlier version wrote. */
  trading: RememberedState.optional(),
});
export type LedgerProjection = z.infer<typeof LedgerProjection>;
