import { z } from 'zod';
import { Execution } from './execution.ts';
import { LegRecord } from './leg-record.ts';
import { EpochMs, InstrumentSymbol, RunLabel } from './primitives.ts';
import { ExitReason, HorizonMin, MarketRegime, Side, SignalOrigin, TradingSignal } from './signal.ts';

/** The next funding, as a mark price announced it. */
export const FundingTerms = z.strictObject({
  ts: EpochMs,
  /** Fraction of notional; if positive, longs pay. */
  rate: z.number(),
  mark_price: z.number().positive(),
  /** When the mark price announced these terms. */
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

/**
 * How a live position is protected on the venue. COVERED: a stop of its side and whole quantity rests. PLACING: the request is out.
 * UNKNOWN: the venue's answer is missing, or it does not find the stop. UNCOVERED: no stop rests. Meanwhile execution-manager
 * watches the stop price itself.
 */
export const StopCover = z.strictObject({
  state: z.enum(['COVERED', 'PLACING', 'UNKNOWN', 'UNCOVERED']),
  /** Trigger price that protects now, quote currency. */
  stop_price: z.number().positive().optional(),
  /** Quantity of the resting stops, base currency. */
  quantity: z.number().nonnegative(),
  /** Since when the position is not COVERED; absent while it is. */
  bare_since_ts: EpochMs.optional(),
});
export type StopCover = z.infer<typeof StopCover>;

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
  /** Horizon of the reason to enter; absent if the imbalance was the only reason, and in older records. */
  horizon_min: HorizonMin.optional(),
  /** Live only: distance of the stop in ATRs by the settings of the entry, so that trailing keeps its ATR; absent in older records. */
  stop_atrs: z.number().positive().optional(),
  /** Leverage at entry. This and the next two are absent without a margin account. */
  leverage: z.number().int().positive().optional(),
  /** Margin at entry, quote currency. */
  margin: z.number().positive().optional(),
  /** Estimated price at which the venue liquidates; absent also if no price does. */
  liquidation_price: z.number().positive().optional(),
  /** Who opened it; absent in records of earlier versions, which count as ENGINE. */
  origin: SignalOrigin.optional(),
  /** Funding paid so far (negative: received), quote currency. */
  funding: z.number().optional(),
  /** Time of the last charged funding. */
  funding_ts: EpochMs.optional(),
  next_funding: FundingTerms.optional(),
  /** Minimum number of fundings with an unknown rate, because the process was down. They are not charged. */
  funding_times_missed: z.number().int().optional(),
  /** All fills so far; absent while the only fill is one entry fill. */
  entry_fills: z.array(PositionFill).optional(),
  exit_fills: z.array(PositionFill).optional(),
  /** Live only: the venue's mark price and unrealised PnL, quote currency. */
  mark_price: z.number().positive().optional(),
  unrealized_pnl: z.number().optional(),
  /** Live only. */
  cover: StopCover.optional(),
  /** Live only: ids of the last stops on the venue, newest last. */
  stop_ids: z.array(z.string()).optional(),
  simulated: z.boolean(),
});
export type OpenPosition = z.infer<typeof OpenPosition>;

/** A resting order: a LIMIT entry or a LIMIT exit. In live every order of ours that is not over, whatever its type. */
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
  /** Live only: what the signal was to close when this order was made, base currency; absent: all that is open. */
  closes: z.number().positive().optional(),
  /** Live only: the signal that the order executes, so that a restart finds it. */
  signal: TradingSignal.optional(),
  simulated: z.boolean(),
});
export type OpenOrder = z.infer<typeof OpenOrder>;

/** Published when a symbol's positions or orders change; holds all of both. */
export const PositionUpdate = z.strictObject({
  run: RunLabel,
  symbol: InstrumentSymbol,
  ts_event: EpochMs,
  positions: z.array(OpenPosition),
  orders: z.array(OpenOrder),
  /** The answers to signals in this change; absent if there are none. */
  executions: z.array(Execution).optional(),
});
export type PositionUpdate = z.infer<typeof PositionUpdate>;

/** Trailing-stop state of an open position, stored so that it survives a restart. */
export const TrailingState = z.strictObject({
  /** Entry signal of the position. */
  signal_id: z.string(),
  /** Best price since entry: highest for LONG, lowest for SHORT. */
  extreme: z.number().positive(),
  /** Price at which TRAILING_STOP fires; absent until it is armed. */
  stop: z.number().positive().optional(),
  /** Price at which STOP_LOSS fires after a sentiment shock moved it; absent before. */
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
  /** Slippage of both legs against the prices at the decision; part of the prices and so of `gross_pnl`. Absent in older records. */
  slippage: z.number().optional(),
  /** Funding paid (negative: received) while it was open. Absent in older records. */
  funding: z.number().optional(),
  /** Minimum number of fundings that could not be charged. */
  funding_times_missed: z.number().int().optional(),
  /** Gross PnL minus fees and funding. */
  realized_pnl: z.number(),
  /** Live only: fees paid in other assets, such as BNB, in their own units; `fees` counts them at their value. */
  other_fees: z.record(z.string(), z.string()).optional(),
  /** Live only: change of the wallet of the quote currency, without `other_fees`; absent if it is `realized_pnl`. */
  wallet_pnl: z.number().optional(),
  /** Who opened the position; absent in records of earlier versions, which count as ENGINE. */
  origin: SignalOrigin.optional(),
  /** Live only. */
  entry_leg: LegRecord.optional(),
  exit_leg: LegRecord.optional(),
  simulated: z.boolean(),
});
export type ClosedTrade = z.infer<typeof ClosedTrade>;
