import { z } from 'zod';
import { CandidateFeatures } from './candidate-features.ts';
import { EntryBlock } from './entry-block.ts';
import { LegRecord } from './leg-record.ts';
import { EpochMs, InstrumentSymbol, RunLabel } from './primitives.ts';
import { RiskRule, RiskRuleResult } from './risk-rule.ts';
import {
  ExitReason,
  GateCode,
  GateResult,
  HorizonMin,
  MarketRegime,
  ReasonCode,
  Side,
  SignalDirection,
  SignalOrigin,
} from './signal.ts';

/**
 * The result of a signal, or REFUSED for a trigger that made no signal. DENIED: filters or risk rules allow no entry, so
 * there is no order.
 */
export const DecisionOutcome = z.enum([
  'OPENED',
  'REPLACED',
  'CLOSED',
  'ORPHAN_EXIT',
  'RESTING',
  'MISSED',
  'DENIED',
  'REFUSED',
]);
export type DecisionOutcome = z.infer<typeof DecisionOutcome>;

/**
 * Why we made no order. Quantities are in base currency, notional and prices in quote currency, ages in ms. Only
 * hand-made entries have STOP_LOSS_…, TAKE_PROFIT_…, STRATEGY_POSITION_OPEN and NO_FRESH_BOOK. Only executions have
 * NO_FRESH_BOOK, NO_POSITION, EXTERNAL_SIGNAL, ACCOUNT_STALE (ms), TERMS_UNKNOWN and the blocks of live trading, whose value and limit
 * are 0. The rest are risk rules, with their units in `RISK_UNITS`.
 */
export const Denial = z.strictObject({
  code: z.enum([
    'QUANTITY_BELOW_MINIMUM',
    'NOTIONAL_BELOW_MINIMUM',
    'QUANTITY_ABOVE_MAXIMUM',
    'STOP_LOSS_ON_WRONG_SIDE',
    'TAKE_PROFIT_ON_WRONG_SIDE',
    'STRATEGY_POSITION_OPEN',
    'NO_FRESH_BOOK',
    'NO_POSITION',
    'EXTERNAL_SIGNAL',
    'ACCOUNT_STALE',
    'TERMS_UNKNOWN',
    ...EntryBlock.options,
    ...RiskRule.options,
  ]),
  value: z.number(),
  limit: z.number(),
  /** The same entry would be denied until then; absent if the denial does not end with time. */
  until_ts: EpochMs.optional(),
});
export type Denial = z.infer<typeof Denial>;

/** What a refused trigger would have earned, known once its shadow position has ended. */
export const FollowUp = z.strictObject({
  /** MISSED: its LIMIT entry never filled, so the result is 0. Absent in older records. */
  outcome: z.enum(['CLOSED', 'MISSED']).optional(),
  /** The limit of an entry that was MISSED. */
  exit_price: z.number().positive(),
  exit_reason: ExitReason.optional(),
  exit_ts: EpochMs,
  /** Result of the trade in basis points of the entry price, before and after fees and funding; positive is profit. */
  gross_bp: z.number(),
  net_bp: z.number(),
});
export type FollowUp = z.infer<typeof FollowUp>;

/** One normalised line of `decision_logs` or `decision_refusals`. */
export const Decision = z.strictObject({
  /** The signal's id; a refusal has an id of the same form. */
  decision_id: z.string().min(1).max(120),
  /** The signal it is about; absent in a refusal, which has no signal. */
  signal_id: z.string().min(1).max(120).optional(),
  run: RunLabel,
  symbol: InstrumentSymbol,
  direction: SignalDirection,
  outcome: DecisionOutcome,
  timestamp: EpochMs,
  ts_init: EpochMs,
  confidence: z.number(),
  nobi_value: z.number(),
  /** As in the signal. */
  order_flow: z.number().optional(),
  /** The price at the decision. */
  entry_price: z.number().positive(),
  reason: z.string(),
  exit_reason: ExitReason.optional(),
  stop_loss: z.number().positive().optional(),
  take_profit: z.number().positive().optional(),
  regime: MarketRegime.optional(),
  entry_reason: ReasonCode.optional(),
  horizon_min: HorizonMin.optional(),
  model: z.string(),
  gates: z.array(GateResult).optional(),
  /** Who published the signal. */
  origin: SignalOrigin,
  /** Exits only: who opened the position; the trade counts for them. Absent in older records. */
  trade_origin: SignalOrigin.optional(),
  fill_price: z.number().positive().optional(),
  liquidity: z.enum(['MAKER', 'TAKER']).optional(),
  position_size: z.number().positive().optional(),
  /** Quantity that the known book levels did not hold, filled at a pessimistic price; absent if they held all of it. */
  beyond_book_qty: z.number().positive().optional(),
  gross_pnl: z.number().optional(),
  fees: z.number().optional(),
  /** Cost of a taker fill against the price at the decision, quote currency. Part of the fill price and so of `gross_pnl`. */
  slippage: z.number().optional(),
  /** Paid (negative: received) while the position was held, quote currency. */
  funding: z.number().optional(),
  /** Minimum number of fundings that were not charged, because Helios did not know their rate. */
  funding_times_missed: z.number().int().optional(),
  realized_pnl: z.number().optional(),
  /** The way of its order to the venue and back; live fills only. */
  leg: LegRecord.optional(),
  denial: Denial.optional(),
  /** The result of each risk rule for an entry; absent with a fixed size, and in older records. */
  rules: z.array(RiskRuleResult).optional(),
  /** The gate that refused the trigger. */
  refused_by: GateCode.optional(),
  follow_up: FollowUp.optional(),
});
export type Decision = z.infer<typeof Decision>;

/** How far the price went after a candidate, whether it became a signal or a refusal. */
export const Moved = z.strictObject({
  kind: z.literal('MOVED'),
  run: RunLabel,
  decision_id: z.string(),
  side: Side,
  /** Greatest move of the mid for and against the side until `end_ts`, basis points; `worst_bp` ≤ 0 ≤ `best_bp`. */
  best_bp: z.number(),
  worst_bp: z.number(),
  /** The horizon, or the end of the session before it. */
  end_ts: EpochMs,
  /** The session ended before the horizon: nobody knows how far the price would have gone. */
  is_cut: z.literal(true).optional(),
});
export type Moved = z.infer<typeof Moved>;

/**
 * signal-engine's report on a refused trigger: first the refusal, with what a model reads about it unless its data are unusable, later
 * its follow-up. MOVED is also about signals.
 */
export const RefusalReport = z.discriminatedUnion('kind', [
  Moved,
  z.strictObject({ kind: z.literal('REFUSED'), decision: Decision, features: CandidateFeatures.optional() }),
  z.strictObject({
    kind: z.literal('FOLLOWED_UP'),
    run: RunLabel,
    decision_id: z.string(),
    side: Side,
    follow_up: FollowUp,
  }),
]);
export type RefusalReport = z.infer<typeof RefusalReport>;

/** The origin that a decision's figures count for. An exit counts for the origin of its position, also if somebody else closed it. */
export function tradeOriginOf({ trade_origin, origin }: Pick<Decision, 'trade_origin' | 'origin'>): Decision['origin'] {
  return trade_origin ?? origin;
}
