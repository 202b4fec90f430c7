import { z } from 'zod';
import { EpochMs, InstrumentSymbol, RunLabel } from './primitives.ts';
import { ExitReason, MarketRegime, Side, SignalOrigin } from './signal.ts';

/** A coming funding as a mark price announced it. */
export const FundingTerms = z.strictObject({
  ts: EpochMs,
  /** Fraction of notional; longs pay when positive. */
  rate: z.number(),
  mark_price: z.number().positive(),
  /** When it was announced so. */
  as_of: EpochMs,
});
export type FundingTerms = z.infer<typeof FundingTerms>;

/** One fill of a position. Quantity in base currency, money in quote currency. */
export const PositionFill = z.strictObject({
  trade_id: z.string().min(1),
  price: z.number().positive(),
  quantity: z.number().positive(),
  fee: z.number(),
  slippage: z.number(),
  ts: EpochMs,
});
export type PositionFill = z.infer<typeof PositionFill>;

/** An open position, simulated or live; keyed `SYMBOL:SIDE`. Quantity in base currency, always positive. */
export const OpenPosition = z.strictObject({
  run: RunLabel,
  symbol: InstrumentSymbol,
  side: Side,
  quantity: z.number().positive(),
  entry_price: z.number().positive(),
  entry_ts: EpochMs,
  /** Quote currency, paid at entry. */
  entry_fee: z.number(),
  /** Quote currency, part of `entry_price`; absent in older records. */
  entry_slippage: z.number().optional(),
  signal_id: z.string(),
  stop_loss: z.number().positive().optional(),
  take_profit: z.number().positive().optional(),
  regime: MarketRegime.optional(),
  /** What it was opened with; all three are absent where no margin is kept. */
  leverage: z.number().int().positive().optional(),
  /** Set aside at entry, quote currency. */
  margin: z.number().positive().optional(),
  /** Estimated price at which the venue liquidates; absent also where no price does. */
  liquidation_price: z.number().positive().optional(),
  /** Who opened it; absent in records of earlier versions, which count as ENGINE. */
  origin: SignalOrigin.optional(),
  /** Paid so far (negative: received), quote currency. */
  funding: z.number().optional(),
  /** The funding charged last. */
  funding_ts: EpochMs.optional(),
  next_funding: FundingTerms.optional(),
  /** Fundings, at least, of which nobody here knows the rate: the process was down. They are not charged. */
  funding_times_missed: z.number().int().optional(),
  /** All fills so far; absent while one entry fill is all there is. */
  entry_fills: z.array(PositionFill).optional(),
  exit_fills: z.array(PositionFill).optional(),
  simulated: z.boolean(),
});
export type OpenPosition = z.infer<typeof OpenPosition>;

/** A resting order: a LIMIT entry or a LIMIT exit. */
export const OpenOrder = z.strictObject({
  run: RunLabel,
  order_id: z.string(),
  signal_id: z.string(),
  symbol: InstrumentSymbol,
  side: Side,
  purpose: z.enum(['ENTRY', 'EXIT']),
  price: z.number().positive(),
  quantity: z.number().positive(),
  placed_ts: EpochMs,
  expires_ts: EpochMs,
  exit_reason: ExitReason.optional(),
  simulated: z.boolean(),
});
export type OpenOrder = z.infer<typeof OpenOrder>;

/** News that a symbol's positions or orders changed: the whole of both, as they are now. */
export const PositionUpdate = z.strictObject({
  run: RunLabel,
  symbol: InstrumentSymbol,
  ts_event: EpochMs,
  positions: z.array(OpenPosition),
  orders: z.array(OpenOrder),
  /** Entry signal that was DENIED last on this symbol: nothing more will become of it. */
  denied_signal_id: z.string().optional(),
});
export type PositionUpdate = z.infer<typeof PositionUpdate>;

/** How far an open position has run in its favour, and where its stops have moved: what they need to survive a restart. */
export const TrailingState = z.strictObject({
  /** Entry signal of the position this belongs to. */
  signal_id: z.string(),
  /** Best price since entry: highest for LONG, lowest for SHORT. */
  extreme: z.number().positive(),
  /** Price at which TRAILING_STOP fires; absent until it is armed. */
  stop: z.number().positive().optional(),
  /** Price at which STOP_LOSS fires since a shock of the mood was felt; absent before. */
  stop_loss: z.number().positive().optional(),
  ts_event: EpochMs,
});
export type TrailingState = z.infer<typeof TrailingState>;

/** The newest entry signal of a symbol, so that its cooldown survives a restart. */
export const LastEntry = z.strictObject({
  run: RunLabel,
  signal_id: z.string(),
  timestamp: EpochMs,
});
export type LastEntry = z.infer<typeof LastEntry>;

/** A closed round trip. Money in quote currency. */
export const ClosedTrade = z.strictObject({
  run: RunLabel,
  /** Signal that opened, signal that closed. */
  entry_signal_id: z.string(),
  exit_signal_id: z.string(),
  symbol: InstrumentSymbol,
  side: Side,
  quantity: z.number().positive(),
  entry_price: z.number().positive(),
  exit_price: z.number().positive(),
  entry_ts: EpochMs,
  exit_ts: EpochMs,
  exit_reason: ExitReason.optional(),
  gross_pnl: z.number(),
  fees: z.number(),
  /** Of both legs against the prices decided on; part of the prices and so of `gross_pnl`. Absent in older records. */
  slippage: z.number().optional(),
  /** Paid (negative: received) while it was held. Absent in older records. */
  funding: z.number().optional(),
  /** Fundings, at least, that could not be charged. */
  funding_times_missed: z.number().int().optional(),
  /** Gross less fees and funding. */
  realized_pnl: z.number(),
  /** Who opened the position; absent in records of earlier versions, which count as ENGINE. */
  origin: SignalOrigin.optional(),
  simulated: z.boolean(),
});
export type ClosedTrade = z.infer<typeof ClosedTrade>;
