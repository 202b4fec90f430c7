import { z } from 'zod';
import { EpochMs } from './primitives.ts';

/** Why risk may deny an entry; in the order in which the rules are judged. */
export const RiskRule = z.enum([
  'MARGIN_UNKNOWN',
  'FREE_MARGIN',
  'MAINTENANCE_RATIO',
  'COOLDOWN_AFTER_EXIT',
  'STOP_LOSS_GUARD',
  'MAX_DRAWDOWN',
  'DAILY_LOSS',
  'LOW_PROFIT_SYMBOL',
  'MAX_OPEN_POSITIONS',
  'SYMBOL_EXPOSURE',
  'TOTAL_EXPOSURE',
  'STOP_MISSING',
  'STOP_BEYOND_LIQUIDATION',
]);
export type RiskRule = z.infer<typeof RiskRule>;

/** What one rule said of one entry, with its number and its limit. OFF: it is turned off, or nothing was there to judge. */
export const RiskRuleResult = z.strictObject({
  rule: RiskRule,
  outcome: z.enum(['PASSED', 'DENIED', 'OFF']),
  value: z.number().optional(),
  limit: z.number().optional(),
  /** Until then it denies, unless something changes. */
  until_ts: EpochMs.optional(),
});
export type RiskRuleResult = z.infer<typeof RiskRuleResult>;
