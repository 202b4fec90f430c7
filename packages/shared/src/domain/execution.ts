import { z } from 'zod';
import { Denial } from './decision.ts';
import { OrderPurpose } from './order.ts';
import { EpochMs, InstrumentSymbol, RunLabel } from './primitives.ts';
import { Side } from './signal.ts';

/** What every answer to a signal says. */
const Answered = {
  /**
   * The signal's id, `#`, and OPEN, END for the final answer, or the trade's id: an answer that is made again has the same id. So
   * no signal has two final answers.
   */
  execution_id: z.string().min(1).max(200),
  run: RunLabel,
  signal_id: z.string().min(1).max(120),
  /** Of the order that was sent; absent where there was none. Earlier versions sent longer ones than the venue takes. */
  client_order_id: z.string().min(1).max(130).optional(),
  symbol: InstrumentSymbol,
  /** Of the position that is entered or left. */
  side: Side,
  purpose: OrderPurpose,
  /** The market's time at which it became so. */
  ts_event: EpochMs,
  /** When the record was made. */
  ts_init: EpochMs,
};

/** One fill of an order. */
export const ExecutionFill = z.strictObject({
  /** The venue's. */
  trade_id: z.string().min(1),
  /** Average over the levels taken, quote currency. */
  price: z.number().positive(),
  /** Base currency. */
  quantity: z.number().positive(),
  /** Quote currency, of this fill alone. */
  fee: z.number(),
  liquidity: z.enum(['MAKER', 'TAKER']),
  /** Cost against the price decided on, quote currency; part of `price`. */
  slippage: z.number(),
});
export type ExecutionFill = z.infer<typeof ExecutionFill>;

/** An order as it rests. */
export const RestingTerms = z.strictObject({
  /** Limit, quote currency. */
  price: z.number().positive(),
  /** Base currency. */
  quantity: z.number().positive(),
  /** When it is cancelled if it still rests. */
  expires_ts: EpochMs,
});
export type RestingTerms = z.infer<typeof RestingTerms>;

/** Why nothing was filled, in one sentence. */
const Reason = { reason: z.string().min(1) };

/**
 * One answer to a signal. Every signal gets exactly one final answer; OPEN and PARTIALLY_FILLED may come before it.
 * DENIED: we made no order. REJECTED: the venue took none. FILLED: this fill was the last of the order.
 * EXPIRED: the time of the order was over, or the signal waited too long for one. CANCELLED: something else ended the order.
 */
export const Execution = z.discriminatedUnion('answer', [
  z.strictObject({ ...Answered, answer: z.literal('DENIED'), denial: Denial }),
  z.strictObject({ ...Answered, answer: z.literal('REJECTED'), ...Reason }),
  z.strictObject({ ...Answered, answer: z.literal('OPEN'), order: RestingTerms }),
  z.strictObject({ ...Answered, answer: z.literal('PARTIALLY_FILLED'), fill: ExecutionFill }),
  z.strictObject({ ...Answered, answer: z.literal('FILLED'), fill: ExecutionFill }),
  z.strictObject({ ...Answered, answer: z.literal('EXPIRED'), ...Reason }),
  z.strictObject({ ...Answered, answer: z.literal('CANCELLED'), ...Reason }),
]);
export type Execution = z.infer<typeof Execution>;
export type ExecutionAnswer = Execution['answer'];

/** True where no other answer to the signal follows. */
export function isFinal(answer: ExecutionAnswer): boolean {
  return answer !== 'OPEN' && answer !== 'PARTIALLY_FILLED';
}
