import { z } from 'zod';
import { Decimal, InstrumentSymbol } from './primitives.ts';

/**
 * A symbol's steps and order limits. Prices are multiples of `tick_size`, quantities of `step_size`; quantities in base
 * currency. `market_…` limits apply to MARKET orders and are set only if they differ. An absent limit is not known.
 */
export const Instrument = z.strictObject({
  symbol: InstrumentSymbol,
  tick_size: Decimal,
  step_size: Decimal,
  min_qty: Decimal.optional(),
  max_qty: Decimal.optional(),
  market_step_size: Decimal.optional(),
  market_min_qty: Decimal.optional(),
  market_max_qty: Decimal.optional(),
  /** Minimum order value, quote currency. */
  min_notional: Decimal,
});
export type Instrument = z.infer<typeof Instrument>;
