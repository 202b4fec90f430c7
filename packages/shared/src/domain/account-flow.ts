import { z } from 'zod';
import { EpochMs, InstrumentSymbol, RunLabel } from './primitives.ts';

/** One line of the venue's income history: money that moved on the account. Source: developers.binance.com, USDⓈ-M, Get Income History. */
export const AccountFlow = z.strictObject({
  run: RunLabel,
  /** The venue's id with the kind; repeated reports of one flow have the same id. */
  flow_id: z.string().min(1).max(120),
  /** The venue's `incomeType`, such as FUNDING_FEE, COMMISSION, REALIZED_PNL, INSURANCE_CLEAR, TRANSFER. */
  kind: z.string().min(1).max(60),
  /** Absent from flows of the whole account. */
  symbol: InstrumentSymbol.optional(),
  asset: z.string().min(1).max(20),
  /** The venue's decimal text; negative: paid. */
  amount: z.string().regex(/^-?\d+(\.\d+)?$/),
  trade_id: z.string().optional(),
  ts_event: EpochMs,
});
export type AccountFlow = z.infer<typeof AccountFlow>;

/** How far the income history of a run was read, venue time. */
export const FlowsRead = z.strictObject({ run: RunLabel, until_ts: EpochMs });
