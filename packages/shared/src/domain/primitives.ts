import { z } from 'zod';

/** A number as the venue writes it: decimal digits in a string, so that no digit is lost. */
export const Decimal = z.string().regex(/^-?\d+(\.\d+)?$/, 'must be a decimal number in a string');

/** Milliseconds since 1970-01-01 UTC. */
export const EpochMs = z.number().int().nonnegative();

/** A venue symbol such as `BTCUSDT`. */
export const InstrumentSymbol = z.string().regex(/^[A-Z0-9_]{2,30}$/, 'must be a symbol such as BTCUSDT');
export type InstrumentSymbol = z.infer<typeof InstrumentSymbol>;

/** The run of a record: its mode with network and account, or with recording or seed. */
export const RunLabel = z.string().min(1).max(200);
