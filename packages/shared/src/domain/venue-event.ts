import { z } from 'zod';
import { EpochMs, InstrumentSymbol } from './primitives.ts';
import { Side } from './signal.ts';

const ofOrder = { client_order_id: z.string().min(1), ts_event: EpochMs };

/** MAKER: the order rested in the book. TAKER: it filled against resting orders. */
export const Liquidity = z.enum(['MAKER', 'TAKER']);
export type Liquidity = z.infer<typeof Liquidity>;

/** One trade of an order on the venue. Quantities in base currency, money in quote currency. */
export const Fill = z.strictObject({
  kind: z.literal('FILL'),
  ...ofOrder,
  /** The venue's id; repeated reports of one trade have the same id. */
  trade_id: z.string().min(1),
  price: z.number().positive(),
  quantity: z.number().positive(),
  fee: z.number(),
  liquidity: Liquidity,
  /** Cost against the price at the decision, at least 0; part of `price`. */
  slippage: z.number(),
  /** Part of the quantity that the known book levels did not hold; paper venue only. */
  beyond_book_qty: z.number().positive().optional(),
});
export type Fill = z.infer<typeof Fill>;

/**
 * The end of an order: it fills no further. `filled_quantity` is the total filled on the venue. The order is closed once fills
 * of that quantity are known; reports may arrive in any order.
 */
const OrderEnd = z.strictObject({
  kind: z.enum(['CANCELLED', 'EXPIRED']),
  ...ofOrder,
  filled_quantity: z.number().nonnegative(),
});

/** A venue's report on one order. */
export const OrderEvent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ACCEPTED'), ...ofOrder }),
  z.strictObject({ kind: z.literal('REJECTED'), ...ofOrder, code: z.string(), message: z.string() }),
  Fill,
  OrderEnd,
]);
export type OrderEvent = z.infer<typeof OrderEvent>;

/** The venue liquidated a position. Quantity in base currency, money in quote currency. */
export const Liquidated = z.strictObject({
  kind: z.literal('LIQUIDATED'),
  trade_id: z.string().min(1),
  symbol: InstrumentSymbol,
  side: Side,
  ts_event: EpochMs,
  price: z.number().positive(),
  quantity: z.number().positive(),
  /** Clearance fee of the venue. */
  fee: z.number(),
});
export type Liquidated = z.infer<typeof Liquidated>;
