import { z } from 'zod';
import { EpochMs, RunLabel } from './primitives.ts';

/** Why risk may deny an entry, in the order in which the rules are checked. */
export const RiskRule = z.enum([
  'MARGIN_UNKNOWN',
  'FREE_MARGIN',
  'MAINTENANCE_RATIO',
  'COOLDOWN_AFTER_EXIT',
  'STOP_LOSS_GUARD',
  'MAX_DRAWDOWN',
  'DAILY_LOSS',
  'LOW_PROFIT_SYMBOL',
  'LOSS_STREAK',
  'MAX_OPEN_POSITIONS',
  'SYMBOL_EXPOSURE',
  'TOTAL_EXPOSURE',
  'CLUSTER_EXPOSURE',
  'STOP_MISSING',
  'STOP_BEYOND_LIQUIDATION',
]);
export type RiskRule = z.infer<typeof RiskRule>;

/** The result of one rule for one entry, with value and limit. OFF: the rule is turned off, or had nothing to judge. */
export const RiskRuleResult = z.strictObject({
  rule: RiskRule,
  outcome: z.enum(['PASSED', 'DENIED', 'OFF']),
  value: z.number().optional(),
  limit: z.number().optional(),
  /** The rule denies until then, unless something changes. */
  until_ts: EpochMs.optional(),
});
export type RiskRuleResult = z.infer<typeof RiskRuleResult>;

/** The operator released all locks of the protections: they ignore trades that closed earlier. */
export const ProtectionRelease = z.strictObject({
  run: RunLabel,
  released_ts: EpochMs,
  /** The operator's command; the same one again changes nothing. */
  command_id: z.string().min(1).max(80),
});
export type ProtectionRelease = z.infer<typeof ProtectionRelease>;
