import { z } from 'zod';
import { CandidateFeatures } from './candidate-features.ts';
import { Book } from './market-data.ts';
import { EpochMs, InstrumentSymbol, RunLabel } from './primitives.ts';

export const Side = z.enum(['LONG', 'SHORT']);
export type Side = z.infer<typeof Side>;

export const SignalDirection = z.enum(['LONG', 'SHORT', 'EXIT_LONG', 'EXIT_SHORT']);
export type SignalDirection = z.infer<typeof SignalDirection>;

export const ExitReason = z.enum([
  'STOP_LOSS',
  'TRAILING_STOP',
  'TAKE_PROFIT',
  'TIME_EXIT',
  'SIGNAL_REVERSAL',
  'OPERATOR',
  'SESSION_END',
  'LIQUIDATION',
  'MARGIN_CRITICAL',
]);
export type ExitReason = z.infer<typeof ExitReason>;

/** Why a trigger may be refused, in the order in which the gates run. */
export const GateCode = z.enum([
  'TRADING_STATE',
  'BOOK_STALE',
  'BOOK_HISTORY',
  'SPREAD',
  'COOLDOWN',
  'CONFIRMATION',
  'REASON',
  'ORDER_FLOW',
  'VOLUME',
  'VWAP',
  'TREND',
  'REGIME',
  'SENTIMENT',
  'TARGET',
  'EDGE_VS_COST',
  'ML_CONFIDENCE',
  'EXPOSURE',
]);
export type GateCode = z.infer<typeof GateCode>;

/** Why a move over the next minutes is expected. IMBALANCE: no other reason than the trigger itself. */
export const ReasonCode = z.enum(['EXHAUSTION', 'TREND', 'RELATIVE_MOMENTUM', 'SENTIMENT', 'MODEL', 'IMBALANCE']);
export type ReasonCode = z.infer<typeof ReasonCode>;

/** Time for which a reason is expected to hold, minutes. Stop and target are scaled by its square root; it limits the holding time. */
export const HorizonMin = z.number().int().min(1).max(1_440);

/**
 * The result of one gate for one trigger, with value and limit. NOT_WARM: the indicator has too little data, and the gate
 * abstains. OBSERVED: the gate would refuse, but only observes.
 */
export const GateResult = z.strictObject({
  gate: GateCode,
  outcome: z.enum(['PASSED', 'REFUSED', 'NOT_WARM', 'OBSERVED', 'OFF']),
  value: z.number().optional(),
  limit: z.number().optional(),
  note: z.string().optional(),
});
export type GateResult = z.infer<typeof GateResult>;

export const MarketRegime = z.enum(['TRENDING_UP', 'TRENDING_DOWN', 'RANGING', 'VOLATILE', 'QUIET', 'UNKNOWN']);
export type MarketRegime = z.infer<typeof MarketRegime>;

/**
 * A price in quote currency. The bounds keep sums of money within a number's precision.
 * Coins trade at 1e-8, and a target may lie at a hundredth of that.
 */
const Price = z.number().min(1e-15).max(1e9);

/** Best bid and ask at the decision. */
export const Quote = z.strictObject({ bid: Price, ask: Price });
export type Quote = z.infer<typeof Quote>;

export const SignalOrigin = z.enum(['ENGINE', 'EXTERNAL']);

/** A decision to enter or to exit a position. `timestamp` is the market time of the decision, not the book's time. */
export const TradingSignal = z.strictObject({
  signal_id: z.string().min(1).max(120),
  run: RunLabel,
  symbol: InstrumentSymbol,
  direction: SignalDirection,
  timestamp: EpochMs,
  ts_init: EpochMs,
  /** 0..1: the model's probability of profit, or without a model the imbalance's strength. */
  confidence: z.number().min(0).max(1),
  /** (ask depth − bid depth) / (ask depth + bid depth), −1..1; positive: asks dominate. */
  nobi_value: z.number().min(-1).max(1),
  /** Order-flow imbalance of the last 10 s, mean quantities at the best price; positive: asks gained. Absent while unknown. */
  order_flow: z.number().optional(),
  entry_price: Price,
  exit_reason: ExitReason.optional(),
  /** One readable sentence. */
  reason: z.string(),
  stop_loss: Price.optional(),
  take_profit: Price.optional(),
  quote: Quote.optional(),
  regime: MarketRegime.optional(),
  /** Entries of the strategy only. */
  entry_reason: ReasonCode.optional(),
  /** Absent if the imbalance is the only reason. */
  horizon_min: HorizonMin.optional(),
  /** Name of the model behind `confidence`; `none` without one. */
  model: z.string(),
  gates: z.array(GateResult).optional(),
  /** Entries only: what a model reads about it; absent in older records. */
  features: CandidateFeatures.optional(),
  /** EXTERNAL: published by hand on the channel. */
  origin: SignalOrigin,
  /** In a lock-step replay: the frame that caused it. */
  seq: z.number().int().positive().optional(),
});
export type TradingSignal = z.infer<typeof TradingSignal>;

/** A signal as it is sent to execution. `book`: the symbol's last book in signal-engine; absent if it received none. */
export const SentSignal = TradingSignal.extend({ book: Book.optional() });
export type SentSignal = z.infer<typeof SentSignal>;

/** A number, or a string with one. Other types are invalid: `true` is not the price 1. */
const TypedNumber = z.union(
  [
    z.number(),
    z
      .string()
      .regex(/^-?\d+(\.\d+)?(e[+-]?\d{1,3})?$/i)
      .transform(Number),
  ],
  'must be a number or a decimal number in a string',
);

/** A signal published by hand on `trading_signals`: only the first three fields are required, numbers may be strings. */
export const ExternalSignal = z.looseObject({
  symbol: InstrumentSymbol,
  direction: SignalDirection,
  entry_price: TypedNumber.pipe(Price),
  signal_id: z.string().min(1).max(120).optional(),
  /** Epoch milliseconds; an implausible one is replaced by market time. */
  timestamp: TypedNumber.optional(),
  exit_reason: ExitReason.optional().catch(undefined),
  reason: z.string().optional().catch(undefined),
  confidence: TypedNumber.pipe(z.number().min(0).max(1)).optional().catch(undefined),
  nobi_value: TypedNumber.pipe(z.number().min(-1).max(1)).optional().catch(undefined),
  stop_loss: TypedNumber.pipe(Price).optional().catch(undefined),
  take_profit: TypedNumber.pipe(Price).optional().catch(undefined),
});
export type ExternalSignal = z.infer<typeof ExternalSignal>;

/** The side of the position that a direction opens or closes. */
export function sideOf(direction: SignalDirection): Side {
  return direction === 'LONG' || direction === 'EXIT_LONG' ? 'LONG' : 'SHORT';
}

/** True for EXIT_LONG and EXIT_SHORT. */
export function isExit(direction: SignalDirection): direction is 'EXIT_LONG' | 'EXIT_SHORT' {
  return direction === 'EXIT_LONG' || direction === 'EXIT_SHORT';
}
