import { z } from 'zod';

/** Gone after so many ms; for good unless told. */
export const Lasting = { for_ms: z.number().int().positive().optional() };

export const SymbolName = z.string().min(1).max(40);
