import { z } from 'zod';
import { EpochMs, InstrumentSymbol, RunLabel } from './primitives.ts';
import { ExitReason, Side } from './signal.ts';

/** Which leg of a round trip an order is. */
export const OrderPurpose = z.enum(['ENTRY', 'EXIT']);
export type OrderPurpose = z.infer<typeof OrderPurpose>;

/** What an order does on the venue. */
export const OrderAction = z.enum(['BUY', 'SELL']);
export type OrderAction = z.infer<typeof OrderAction>;

/** MARKET takes what rests in the book, LIMIT rests in it. */
export const OrderType = z.enum(['MARKET', 'LIMIT']);
export type OrderType = z.infer<typeof OrderType>;

/** What risk lets execution do about one signal: an order with its size, before it has an id on the venue. */
export const OrderIntent = z.strictObject({
  run: RunLabel,
  signal_id: z.string().min(1).max(120),
  symbol: InstrumentSymbol,
  /** Of the position that is entered or left. */
  side: Side,
  purpose: OrderPurpose,
  action: OrderAction,
  order_type: OrderType,
  /** Limit price, quote currency; absent from MARKET orders. */
  price: z.number().positive().optional(),
  /** Base currency, on the step of the instrument. */
  quantity: z.number().positive(),
  /** It may only make a position smaller. */
  reduce_only: z.boolean(),
  /** Leverage that the symbol is set to; absent where no margin is kept. */
  leverage: z.number().int().positive().optional(),
  stop_loss: z.number().positive().optional(),
  take_profit: z.number().positive().optional(),
  /** Of an exit; absent where nobody gave a reason. */
  exit_reason: ExitReason.optional(),
  /** A LIMIT order that still rests at this time is cancelled. */
  expires_ts: EpochMs.optional(),
});
export type OrderIntent = z.infer<typeof OrderIntent>;
