import { z } from 'zod';
import { EpochMs, InstrumentSymbol } from './primitives.ts';
import { Side } from './signal.ts';

const ofOrder = { client_order_id: z.string().min(1), ts_event: EpochMs };

/** MAKER: the order rested and was traded against. TAKER: it took what rested. */
export const Liquidity = z.enum(['MAKER', 'TAKER']);
export type Liquidity = z.infer<typeof Liquidity>;

/** One trade of an order on the venue. Quantities in base currency, money in quote currency. */
export const Fill = z.strictObject({
  kind: z.literal('FILL'),
  ...ofOrder,
  /** The venue's; the same trade has the same id however often it is reported. */
  trade_id: z.string().min(1),
  price: z.number().positive(),
  quantity: z.number().positive(),
  fee: z.number(),
  liquidity: Liquidity,
  /** Cost against the price the order was decided on, never below 0; part of `price`. */
  slippage: z.number(),
  /** Part of the quantity that the shown book did not hold; paper venue only. */
  beyond_book_qty: z.number().positive().optional(),
});
export type Fill = z.infer<typeof Fill>;

/**
 * An order that fills no further. `filled_quantity` is all that was filled, by the venue's count: the order is over once fills
 * of that quantity are known, in whatever order the reports arrive.
 */
const OrderEnd = z.strictObject({
  kind: z.enum(['CANCELLED', 'EXPIRED']),
  ...ofOrder,
  filled_quantity: z.number().nonnegative(),
});

/** What a venue reports of one order. */
export const OrderEvent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ACCEPTED'), ...ofOrder }),
  z.strictObject({ kind: z.literal('REJECTED'), ...ofOrder, code: z.string(), message: z.string() }),
  Fill,
  OrderEnd,
]);
export type OrderEvent = z.infer<typeof OrderEvent>;

/** The venue took a position away. Quantity in base currency, money in quote currency. */
export const Liquidated = z.strictObject({
  kind: z.literal('LIQUIDATED'),
  trade_id: z.string().min(1),
  symbol: InstrumentSymbol,
  side: Side,
  ts_event: EpochMs,
  price: z.number().positive(),
  quantity: z.number().positive(),
  /** Clearance fee: what the venue keeps. */
  fee: z.number(),
});
export type Liquidated = z.infer<typeof Liquidated>;
