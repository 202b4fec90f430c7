import type { Account } from '@helios/shared/domain/account.ts';
import type { Decision } from '@helios/shared/domain/decision.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Book, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { ClosedTrade, OpenOrder, OpenPosition, PositionUpdate } from '@helios/shared/domain/position.ts';
import { paperProfileNameOf } from '@helios/shared/domain/profile-name.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import type { RiskSettings } from '../risk/assess.ts';
import { profileOf } from './profile.ts';

/** A resting order with all that is needed to go on with it after a restart. */
export interface RestingOrder {
  readonly order: OpenOrder;
  /** The signal it executes. */
  readonly signal: TradingSignal;
  /** Quantity visible in front at the placement; absent where unknown. */
  readonly queueAhead?: number;
}

/** A decision, new or changed (same `decision_id`), with the round trip it completed. */
export interface SimulatorEffect {
  readonly symbol: string;
  readonly decision: Decision;
  /** False where an earlier decision of that id is replaced. */
  readonly isNew: boolean;
  readonly trade?: ClosedTrade;
}

/** What a simulator needs to go on where another one stopped. */
export interface SimulatorState {
  readonly positions: readonly OpenPosition[];
  readonly resting: readonly RestingOrder[];
  /** The last books seen, where they are still known. */
  readonly books?: readonly Book[];
  readonly instruments?: readonly Instrument[];
  /** Closed trades of the account, oldest first; only the live profile reads them. */
  readonly trades?: Iterable<ClosedTrade>;
}

/** Simulated trading as DESIGN 5 has it: signals and market events in, decisions and trades out. Times are market time, epoch ms. */
export interface Simulator {
  /** Executes a signal; an entry that is too old is MISSED. The caller hands in each signal once. */
  onSignal(signal: TradingSignal, nowMs: number): readonly SimulatorEffect[];
  /** Learns steps and limits of a symbol: entries are sized by them from now on. */
  onInstrument(instrument: Instrument): void;
  /** Hears the market: remembers a book, expires what is over at `nowMs`, then fills what the event fills. */
  onMarket(event: MarketEvent, nowMs: number): readonly SimulatorEffect[];
  /** Expires resting orders while the market is silent. */
  onTimer(nowMs: number): readonly SimulatorEffect[];
  /** Symbols whose positions were funded since this was asked last, without a decision on them. */
  takeFunded(): readonly string[];
  /** The answers to signals since this was asked last, in order. Take them with the effects: both are of one change. */
  takeExecutions(): readonly Execution[];
  /** A symbol's positions and orders, whole. */
  positionUpdate(symbol: string, nowMs: number): PositionUpdate;
  /** A symbol's resting orders with what a restart needs. */
  restingOf(symbol: string): readonly RestingOrder[];
  /** Symbols with a position or an order. */
  symbols(): readonly string[];
  /** Resting orders on all symbols. */
  restingOrders(): number;
  /** The last book of each symbol, for a simulator that takes over in this process. */
  books(): readonly Book[];
  /** The account as the risk rules see it; undefined where the size is fixed and no margin is kept. */
  account(nowMs: number): Account | undefined;
  /** A symbol's last book, where it still says what the market is at `nowMs`. */
  freshBook(symbol: string, nowMs: number): Book | undefined;
}

export interface SimulatorParams extends Pick<Settings, 'simulation' | 'fees'> {
  /** The rules that size and deny entries; without them the size is fixed. */
  readonly rules?: RiskSettings;
}

/** What paper trading needs of the settings: with the rules of risk where the profile sizes by them. */
export function simulatorParams(settings: Pick<Settings, 'simulation' | 'fees'> & RiskSettings): SimulatorParams {
  const { simulation, fees, risk, trading, protections } = settings;
  const { sizing } = profileOf(paperProfileNameOf(simulation), settings);
  return { simulation, fees, ...(sizing === 'RISK_BASED' && { rules: { risk, trading, protections } }) };
}
