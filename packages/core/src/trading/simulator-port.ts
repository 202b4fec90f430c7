import type { Account } from '@helios/shared/domain/account.ts';
import type { Decision } from '@helios/shared/domain/decision.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Book, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { OrderWatch } from '@helios/shared/domain/order-watch.ts';
import type { ClosedTrade, OpenOrder, OpenPosition, PositionUpdate } from '@helios/shared/domain/position.ts';
import { paperProfileNameOf } from '@helios/shared/domain/profile-name.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import type { OrderTerms } from '../execution/place.ts';
import type { VenueModels } from '../paper/venue-models.ts';
import type { RiskSettings } from '../risk/assess.ts';
import { profileOf } from './profile.ts';

/** A resting order with everything needed to continue it after a restart. */
export interface RestingOrder {
  readonly order: OpenOrder;
  /** The signal that the order executes. */
  readonly signal: TradingSignal;
  /** Visible quantity ahead at the placement; absent if unknown. */
  readonly queueAhead?: number;
}

/** A decision, new or changed (same `decision_id`), with the round trip it completed. */
export interface SimulatorEffect {
  readonly symbol: string;
  readonly decision: Decision;
  /** False if an earlier decision with this id is replaced. */
  readonly isNew: boolean;
  readonly trade?: ClosedTrade;
}

/** State from which a simulator continues another one. */
export interface SimulatorState {
  readonly positions: readonly OpenPosition[];
  readonly resting: readonly RestingOrder[];
  /** The last known books, if any. */
  readonly books?: readonly Book[];
  readonly instruments?: readonly Instrument[];
  /** Closed trades of the account, oldest first; only the live profile reads them. */
  readonly trades?: Iterable<ClosedTrade>;
}

/** Simulated trading: signals and market events in, decisions and trades out. Times are market time, epoch ms. */
export interface Simulator {
  /** Executes a signal; an entry that is too old is MISSED. The caller passes each signal once. */
  onSignal(signal: TradingSignal, nowMs: number): readonly SimulatorEffect[];
  /** Stores the steps and limits of a symbol; later entries are sized by them. */
  onInstrument(instrument: Instrument): void;
  /** Processes a market event: stores a book, expires orders that are due at `nowMs`, then fills orders. */
  onMarket(event: MarketEvent, nowMs: number): readonly SimulatorEffect[];
  /** Expires resting orders while the market is silent. */
  onTimer(nowMs: number): readonly SimulatorEffect[];
  /** Symbols whose positions were funded since the last call, without a decision on them. */
  takeFunded(): readonly string[];
  /** The answers to signals since the last call, in order. Take them together with the effects: both belong to one change. */
  takeExecutions(): readonly Execution[];
  /** All positions and orders of a symbol. */
  positionUpdate(symbol: string, nowMs: number): PositionUpdate;
  /** A symbol's resting orders with the data for a restart. */
  restingOf(symbol: string): readonly RestingOrder[];
  /** Symbols with a position or an order. */
  symbols(): readonly string[];
  /** Number of resting orders on all symbols. */
  restingOrders(): number;
  /** Before this time a timer changes nothing, unless a signal or a market event came after the last timer; epoch ms. */
  idleUntil(): number;
  /** Until when books and mark prices change nothing but the newest price, epoch ms; undefined if any of them may. */
  undisturbedUntil(): number | undefined;
  /** What the resting orders wait for; undefined if there is none, or if any market event may change one. */
  orderWatch(nowMs: number): OrderWatch | undefined;
  /** The last book of each symbol, for a simulator that takes over in this process. */
  books(): readonly Book[];
  /** The account as the risk rules see it; undefined if the size is fixed and no margin is kept. */
  account(nowMs: number): Account | undefined;
  /** A symbol's last book, if it counts as current at `nowMs`. */
  freshBook(symbol: string, nowMs: number): Book | undefined;
}

export interface SimulatorParams extends Pick<Settings, 'simulation' | 'fees'> {
  /** The rules that size and deny entries; undefined if the size is fixed. */
  readonly rules?: RiskSettings;
  /** Other models of the venue than those of paper trading; only backtests have them. */
  readonly models?: VenueModels;
  /** How orders are named; a hash of their signal by default, as on the venue. */
  readonly orderIdOf?: OrderTerms['orderIdOf'];
}

/** The settings of paper trading, with the risk rules if the profile uses them for sizing. */
export function simulatorParams(settings: Pick<Settings, 'simulation' | 'fees'> & RiskSettings): SimulatorParams {
  const { simulation, fees, risk, trading, protections } = settings;
  const { sizing } = profileOf(paperProfileNameOf(simulation), settings);
  return { simulation, fees, ...(sizing === 'RISK_BASED' && { rules: { risk, trading, protections } }) };
}
