import { z } from 'zod';
import { EpochMs, InstrumentSymbol } from './primitives.ts';

/** What the resting simulated orders wait for. Quantities in base currency. */
export const OrderWatch = z.strictObject({
  orders: z.array(
    z.strictObject({
      symbol: InstrumentSymbol,
      action: z.enum(['BUY', 'SELL']),
      price: z.number().positive(),
      quantity: z.number().positive(),
      placed_ts: EpochMs,
      /** Visible quantity ahead at the placement; absent if unknown. */
      queue_ahead: z.number().nonnegative().optional(),
      traded_at_limit: z.number().nonnegative(),
    }),
  ),
  /** Time of the first expiry or funding. */
  until_ts: EpochMs,
});
export type OrderWatch = z.infer<typeof OrderWatch>;
