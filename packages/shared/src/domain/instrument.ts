import { z } from 'zod';
import { Decimal, InstrumentSymbol } from './primitives.ts';

/** What may be traded and in which steps. Prices are multiples of `tick_size`, quantities of `step_size`. */
export const Instrument = z.strictObject({
  symbol: InstrumentSymbol,
  tick_size: Decimal,
  step_size: Decimal,
  /** Smallest order value, quote currency. */
  min_notional: Decimal,
});
export type Instrument = z.infer<typeof Instrument>;
