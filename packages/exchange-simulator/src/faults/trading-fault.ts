import { z } from 'zod';
import { Lasting, Often, SymbolName, Whose } from './fault-fields.ts';

/** Faults of orders, positions and user events. */
export const TRADING_FAULTS = [
  /** New orders get -1008, except those that only reduce a position; cancels work. */
  z.strictObject({ fault: z.literal('overload'), ...Whose, ...Often }),
  /** User events are lost, doubled, `ms` late (later ones wait too), or swapped with the next one. `event` is the venue's `e`. */
  z.strictObject({
    fault: z.literal('user-event'),
    how: z.enum(['lost', 'duplicated', 'late', 'reordered']),
    event: z.string().min(1).max(40).optional(),
    ms: z.number().int().positive().max(3_600_000).default(1_000),
    ...Whose,
    ...Often,
  }),
  /** Queries and lists do not know conditional orders, which live on and trigger. */
  z.strictObject({ fault: z.literal('stop-hidden'), ...Whose, ...Lasting }),
  /** Conditional orders stay TRIGGERING at their trigger. */
  z.strictObject({ fault: z.literal('stop-stuck'), ...Whose, ...Often }),
  /** Conditional orders are REJECTED at their trigger. */
  z.strictObject({
    fault: z.literal('stop-rejected'),
    reason: z.string().min(1).max(200).default('Margin is insufficient.'),
    ...Whose,
    ...Often,
  }),
  /** The tick size of a symbol is another one, in `exchangeInfo` and in the checks: a multiple of the first. */
  z.strictObject({
    fault: z.literal('tick-size'),
    symbol: SymbolName,
    tick_size: z.string().regex(/^\d{1,8}(?:\.\d{1,8})?$/, 'not a decimal such as 0.50'),
    ...Lasting,
  }),
  /** `positionRisk` and the positions of `account` lie: nothing is open, or the answer before the fault. */
  z.strictObject({ fault: z.literal('positions'), how: z.enum(['empty', 'old']), ...Whose, ...Often }),
  /** Orders fill up to `percent` of their quantity and then no more: a LIMIT order rests, a MARKET order expires. */
  z.strictObject({
    fault: z.literal('partial-fill'),
    percent: z.number().int().min(1).max(99).default(50),
    ...Whose,
    ...Often,
  }),
] as const;
