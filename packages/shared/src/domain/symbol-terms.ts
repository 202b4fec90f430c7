import { z } from 'zod';
import { MarginMode } from './account.ts';
import { EpochMs, InstrumentSymbol } from './primitives.ts';

/** What the venue grants the account on one symbol, as execution-manager read it. */
export const SymbolTerms = z.strictObject({
  symbol: InstrumentSymbol,
  /** Fees of this account, fractions of the value. */
  maker_fee: z.number(),
  taker_fee: z.number(),
  /** As set on the venue now; entries need the configured ones. */
  leverage: z.number().int().positive(),
  margin_mode: MarginMode,
  /** The venue's leverage brackets, lowest first: notional up to `notional_cap` needs `notional × rate − amount`. */
  tiers: z.array(
    z.strictObject({
      notional_cap: z.number().positive(),
      rate: z.number().nonnegative(),
      amount: z.number(),
      max_leverage: z.number().int().positive(),
    }),
  ),
  updated_ts: EpochMs,
});
export type SymbolTerms = z.infer<typeof SymbolTerms>;
