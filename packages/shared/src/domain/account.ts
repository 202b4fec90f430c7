import { z } from 'zod';
import { EpochMs, InstrumentSymbol, RunLabel } from './primitives.ts';
import { Side } from './signal.ts';

/** ISOLATED: a position can lose only its own margin. CROSSED: every position can lose the whole account. */
export const MarginMode = z.enum(['ISOLATED', 'CROSSED']);
export type MarginMode = z.infer<typeof MarginMode>;

/** One position with its margin. Money in quote currency. */
export const AccountPosition = z.strictObject({
  symbol: InstrumentSymbol,
  side: Side,
  /** Base currency, always positive. */
  quantity: z.number().positive(),
  entry_price: z.number().positive(),
  /** Mark price; the entry price while no mark price is known (`mark_known` false). */
  mark_price: z.number().positive(),
  mark_known: z.boolean(),
  /** Quantity × mark price. */
  notional: z.number(),
  unrealized_pnl: z.number(),
  margin_mode: MarginMode,
  leverage: z.number().int().positive(),
  /** Margin of the position. */
  margin: z.number(),
  /** The venue liquidates below this margin. */
  maintenance_margin: z.number(),
  /** Estimated; absent if no price above 0 liquidates the position. */
  liquidation_price: z.number().positive().optional(),
});
export type AccountPosition = z.infer<typeof AccountPosition>;

/** State of the margin. UNKNOWN: a figure that it is computed from is missing. */
export const MarginLevel = z.enum(['OK', 'WARNING', 'CRITICAL', 'UNKNOWN']);
export type MarginLevel = z.infer<typeof MarginLevel>;

/** The money of an account, simulated or live. Amounts in quote currency, in live in `margin_asset`. */
export const Account = z.strictObject({
  run: RunLabel,
  /** Deposits plus everything realised. */
  wallet_balance: z.number(),
  /** Sum over the open positions at their mark prices. */
  unrealized_pnl: z.number(),
  /** Wallet balance plus unrealised PnL. */
  margin_balance: z.number(),
  /** What new positions may use as margin. */
  available_balance: z.number(),
  /** Margin that open positions use. */
  initial_margin: z.number(),
  maintenance_margin: z.number(),
  /** Available / margin balance, 0..100; low is dangerous. Absent while it is unknown. */
  free_margin_pct: z.number().optional(),
  /** Maintenance margin / margin balance, the venue's ratio; high is dangerous, 100 is liquidation. Absent while it is unknown. */
  maintenance_ratio_pct: z.number().optional(),
  margin_level: MarginLevel,
  /** Live only: asset of the amounts. USDT; USD if the venue counts several assets as margin and adds them up. */
  margin_asset: z.string().optional(),
  /** Live only: wallets of other assets, each in its own unit; they are in no other figure. */
  other_assets: z.record(z.string(), z.number()).optional(),
  positions: z.array(AccountPosition),
  simulated: z.boolean(),
  updated_ts: EpochMs,
});
export type Account = z.infer<typeof Account>;
