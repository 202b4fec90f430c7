import { z } from 'zod';

/** The fault ends after `for_ms` ms; without it, it stays. */
export const Lasting = { for_ms: z.number().int().positive().optional() };

export const SymbolName = z.string().min(1).max(40);
