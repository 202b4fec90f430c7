import { z } from 'zod';
import { Denial } from './decision.ts';
import { OrderPurpose } from './order.ts';
import { EpochMs, InstrumentSymbol, RunLabel } from './primitives.ts';
import { RiskRuleResult } from './risk-rule.ts';
import { Side, TradingSignal } from './signal.ts';

/** When the order of an answer passed each stage, epoch ms of our clock; `venue_ts` is the venue's. Live only. */
export const OrderTimes = z.strictObject({
  /** execution-manager took the entry, or made the exit. */
  received_ts: EpochMs,
  /** The request went out. */
  sent_ts: EpochMs.optional(),
  /** The venue's first word on the order arrived. */
  acknowledged_ts: EpochMs.optional(),
  /** The venue's time of the reported event. */
  venue_ts: EpochMs.optional(),
});
export type OrderTimes = z.infer<typeof OrderTimes>;

/** Fields of every answer to a signal. */
const Answered = {
  /**
   * The signal's id, `#`, and OPEN, END (for the final answer) or the trade's id. An answer that is computed again has
   * the same id, so no signal has two final answers.
   */
  execution_id: z.string().min(1).max(200),
  run: RunLabel,
  signal_id: z.string().min(1).max(120),
  /** Client order id; absent without an order. Earlier versions sent longer ids than the venue accepts. */
  client_order_id: z.string().min(1).max(130).optional(),
  symbol: InstrumentSymbol,
  /** Side of the position that the order opens or closes. */
  side: Side,
  purpose: OrderPurpose,
  /** Market time of the answer. */
  ts_event: EpochMs,
  /** Time of this record. */
  ts_init: EpochMs,
  times: OrderTimes.optional(),
  /** The exit that execution-manager made itself, such as a filled stop: the stream `signals` does not have it. */
  signal: TradingSignal.optional(),
};

/** One fill of an order. */
export const ExecutionFill = z.strictObject({
  /** The venue's id. */
  trade_id: z.string().min(1),
  /** Average over the levels taken, quote currency. */
  price: z.number().positive(),
  /** Base currency. */
  quantity: z.number().positive(),
  /** Fee of this fill, quote currency. */
  fee: z.number(),
  liquidity: z.enum(['MAKER', 'TAKER']),
  /** Cost against the price at the decision, quote currency; part of `price`. */
  slippage: z.number(),
});
export type ExecutionFill = z.infer<typeof ExecutionFill>;

/** Terms of a resting order. */
export const RestingTerms = z.strictObject({
  /** Limit, quote currency. */
  price: z.number().positive(),
  /** Base currency. */
  quantity: z.number().positive(),
  /** A still resting order is cancelled at this time. */
  expires_ts: EpochMs,
});
export type RestingTerms = z.infer<typeof RestingTerms>;

/** Why nothing was filled, in one sentence. */
const Reason = { reason: z.string().min(1) };

/**
 * One answer to a signal. Every signal gets exactly one final answer; OPEN and PARTIALLY_FILLED may precede it. DENIED:
 * we made no order. REJECTED: the venue did not accept it. FILLED: this fill completed the order. EXPIRED: the order's
 * time was over, or the signal waited too long. CANCELLED: something else ended the order.
 */
export const Execution = z.discriminatedUnion('answer', [
  z.strictObject({
    ...Answered,
    answer: z.literal('DENIED'),
    denial: Denial,
    rules: z.array(RiskRuleResult).optional(),
  }),
  z.strictObject({ ...Answered, answer: z.literal('REJECTED'), ...Reason }),
  z.strictObject({ ...Answered, answer: z.literal('OPEN'), order: RestingTerms }),
  z.strictObject({ ...Answered, answer: z.literal('PARTIALLY_FILLED'), fill: ExecutionFill }),
  z.strictObject({ ...Answered, answer: z.literal('FILLED'), fill: ExecutionFill }),
  z.strictObject({ ...Answered, answer: z.literal('EXPIRED'), ...Reason }),
  z.strictObject({ ...Answered, answer: z.literal('CANCELLED'), ...Reason }),
]);
export type Execution = z.infer<typeof Execution>;
export type ExecutionAnswer = Execution['answer'];

/** True if no other answer to the signal follows. */
export function isFinal(answer: ExecutionAnswer): boolean {
  return answer !== 'OPEN' && answer !== 'PARTIALLY_FILLED';
}
