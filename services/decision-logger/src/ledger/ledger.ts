import type { SimulatorState } from '@helios/core/trading/paper-trading.ts';
import type { Decision, DecisionOutcome, FollowUp } from '@helios/shared/domain/decision.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { FleetState, RememberedState } from '@helios/shared/domain/fleet.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { LedgerCommit } from './ledger-rows.ts';

/** What simulated figures depend on besides signals and market. */
export type FigureSettings = Pick<
  Settings['simulation'],
  'mode' | 'starting_balance' | 'position_size' | 'position_notional'
> &
  Pick<Settings['fees'], 'taker_fee' | 'maker_fee'> & {
    /** Absent in records of earlier versions, which knew one profile. */
    readonly profile?: Settings['simulation']['profile'];
  };

/** Which of a ledger's rows the figures are of: those behind these, and under which settings they came about last. */
export interface StatisticsEpoch {
  readonly settings: FigureSettings;
  readonly decisions_after: number;
  readonly trades_after: number;
}

/** Which ledger it is. */
export interface LedgerIdentity {
  /** Made once with the ledger; a copy of the file has the same. */
  readonly ledger_id: string;
  /** Ledgers of the run that resets put aside, the newest first. */
  readonly former_ids: readonly string[];
}

/** How much it holds; both numbers only grow. */
export interface LedgerSize {
  readonly decisions: number;
  readonly trades: number;
  readonly last_decision_id: string | undefined;
}

/**
 * What is at the ledger's path. IN_PLACE: the file that is open, with what was written. MOVED: it was deleted, renamed or
 * exchanged, and is only open here. OVERWRITTEN: it is the same file with another content.
 */
export type FilePlace = 'IN_PLACE' | 'MOVED' | 'OVERWRITTEN';

/** The truth about simulated trading: one SQLite file of one run, which this process alone writes. */
export interface Ledger {
  readonly path: string;
  identity(): LedgerIdentity;
  size(): LedgerSize;
  place(): FilePlace;
  /**
   * Writes a ledger that is MOVED back to its path and goes on there; returns the new paths of what lay there.
   * @throws LedgerUnwritable where that cannot be done: it is then open as before.
   */
  putBack(stamp: string): string[];
  hasSignal(signalId: string): boolean;
  /** All or nothing. @throws LedgerUnwritable where it may work later; LedgerUnusable where it never will. */
  commit(commit: LedgerCommit): void;
  /** False where the refusal was on record already. @throws as `commit`. */
  addRefusal(decision: Decision): boolean;
  /** The refusal with its follow-up; undefined where it is not on record. @throws as `commit`. */
  followUp(decisionId: string, followUp: FollowUp): Decision | undefined;
  /** Newest first. */
  recentDecisions(limit: number): Decision[];
  recentRefusals(limit: number): Decision[];
  /** Decisions of a UTC day (`2023-04-05`) in the order of recording, from behind `afterN`. */
  decisionsOfDay(day: string, afterN: number, limit: number): { n: number; decision: Decision }[];
  /** The newest decision up to which none changes any more: it and all before it rest no longer. */
  lastFinal(): number;
  /** UTC days whose export may lack decisions: those behind the last whole export, and the newest decision's. */
  daysToExport(): string[];
  /** The export holds all decisions up to `n`. Kept as far as the disk takes it: else days are exported again. */
  noteExported(n: number): void;
  /** What is known of the run's trading state. */
  tradingState(): RememberedState;
  /** @throws as `commit`. */
  keepTradingState(state: FleetState): void;
  /**
   * Moves the file aside and begins a new one of the same run, which keeps the trading state; returns the old one's new path.
   * @throws LedgerUnwritable where the file cannot be moved: it is then open as before.
   */
  startOver(stamp: string): string;
  statisticsEpoch(): StatisticsEpoch | undefined;
  /** @throws as `commit`. */
  setStatisticsEpoch(statisticsEpoch: StatisticsEpoch): void;
  /** The newest decision and trade: a chapter that begins now counts what comes after. */
  lastRows(): Pick<StatisticsEpoch, 'decisions_after' | 'trades_after'>;
  /** Of the decisions behind `afterN`. */
  outcomes(afterN: number): { outcome: DecisionOutcome; count: number }[];
  /** Ids of the decisions up to `n` whose orders still rest. */
  restingUpTo(n: number): string[];
  /** Those behind `afterN`, oldest first. */
  trades(afterN: number): Iterable<ClosedTrade>;
  /** The newest `limit` trades, oldest first. */
  lastTrades(limit: number): ClosedTrade[];
  /** The newest `limit` answers to signals, oldest first. */
  lastExecutions(limit: number): Execution[];
  /** The answers to a signal, oldest first. */
  executionsOf(signalId: string): Execution[];
  state(): SimulatorState;
  /** Ids of the signals that a replay's frame gave rise to. */
  signalsOfSeq(seq: number): string[];
  /** The newest frame of a replay that gave rise to a recorded signal; 0 without one. */
  lastSeq(): number;
  /** Forces what was committed to the disk, as far as the disk takes it: the next commit tells of trouble. */
  checkpoint(): void;
  close(): void;
}
