import { z } from 'zod';

/** ACTIVE: entries and exits. REDUCING: exits only. HALTED: no trading. */
export const TradingState = z.enum(['ACTIVE', 'REDUCING', 'HALTED']);
export type TradingState = z.infer<typeof TradingState>;
