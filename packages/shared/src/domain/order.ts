import { z } from 'zod';
import { EpochMs, InstrumentSymbol, RunLabel } from './primitives.ts';
import { RiskRuleResult } from './risk-rule.ts';
import { ExitReason, Side, TradingSignal } from './signal.ts';

/** Which leg of a round trip an order is. */
export const OrderPurpose = z.enum(['ENTRY', 'EXIT']);
export type OrderPurpose = z.infer<typeof OrderPurpose>;

/** What an order does on the venue. */
export const OrderAction = z.enum(['BUY', 'SELL']);
export type OrderAction = z.infer<typeof OrderAction>;

/** MARKET takes what rests in the book, LIMIT rests in it. */
export const OrderType = z.enum(['MARKET', 'LIMIT']);
export type OrderType = z.infer<typeof OrderType>;

/** An order that risk allows for one signal, with its size, before it is sent to the venue. */
export const OrderIntent = z.strictObject({
  run: RunLabel,
  signal_id: z.string().min(1).max(120),
  symbol: InstrumentSymbol,
  /** Side of the position that the order opens or closes. */
  side: Side,
  purpose: OrderPurpose,
  action: OrderAction,
  order_type: OrderType,
  /** Limit price, quote currency; absent from MARKET orders. */
  price: z.number().positive().optional(),
  /** LIMIT orders only. GTC, the default: rests until it is cancelled. IOC: does not rest. GTX: rests, and takes nothing (post-only). */
  time_in_force: z.enum(['GTC', 'IOC', 'GTX']).optional(),
  /** Base currency, on the step of the instrument. */
  quantity: z.number().positive(),
  /** The order may only reduce a position. */
  reduce_only: z.boolean(),
  /** Leverage of the symbol; absent without a margin account. */
  leverage: z.number().int().positive().optional(),
  stop_loss: z.number().positive().optional(),
  take_profit: z.number().positive().optional(),
  /** Exits only; absent if the signal gave no reason. */
  exit_reason: ExitReason.optional(),
  /** A LIMIT order that still rests is cancelled at this time. */
  expires_ts: EpochMs.optional(),
});
export type OrderIntent = z.infer<typeof OrderIntent>;

/** An entry that risk-manager allows in live trading, with its size, for execution-manager. */
export const AssessedEntry = z.strictObject({
  intent: OrderIntent,
  signal: TradingSignal,
  /** Result of each risk rule; the decision contains it. */
  rules: z.array(RiskRuleResult),
  /** When risk-manager decided. */
  ts_init: EpochMs,
});
export type AssessedEntry = z.infer<typeof AssessedEntry>;
