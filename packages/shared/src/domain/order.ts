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
