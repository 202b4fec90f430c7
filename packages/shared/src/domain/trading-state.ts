import { z } from 'zod';

/** ACTIVE: may enter. REDUCING: no entries, exits go on. HALTED: flat and idle. */
export const TradingState = z.enum(['ACTIVE', 'REDUCING', 'HALTED']);
export type TradingState = z.infer<typeof TradingState>;
