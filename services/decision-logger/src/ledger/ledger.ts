import type { SimulatorState } from '@helios/core/trading/paper-trading.ts';
import type { Decision, DecisionOutcome, FollowUp } from '@helios/shared/domain/decision.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { FleetState, RememberedState } from '@helios/shared/domain/fleet.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { JournalTables } from './journal-tables.ts';
import type { LedgerCommit } from './ledger-rows.ts';

/** Settings that affect simulated figures, besides signals and market. */
export type FigureSettings = Pick<
  Settings['simulation'],
  'mode' | 'starting_balance' | 'position_size' | 'position_notional'
> &
  Pick<Settings['fees'], 'taker_fee' | 'maker_fee'> & {
    /** Absent in records of earlier versions, which knew one profile. */
    readonly profile?: Settings['simulation']['profile'];
  };

/** The rows of a ledger that the statistics count (those after these numbers), and the settings of the last ones. */
export interface StatisticsEpoch {
  readonly settings: FigureSettings;
  readonly decisions_after: number;
  readonly trades_after: number;
}

/** Identity of a ledger. */
export interface LedgerIdentity {
  /** Created once with the ledger; a copy of the file has the same id. */
  readonly ledger_id: string;
  /** Earlier ledgers of the run that resets moved aside, newest first. */
  readonly former_ids: readonly string[];
}

/** Size of the content; both numbers only grow. */
export interface LedgerSize {
  readonly decisions: number;
  readonly trades: number;
  readonly last_decision_id: string | undefined;
}

/**
 * State of the ledger's path. IN_PLACE: the open file with our content. MOVED: the file was deleted, renamed or replaced, and
 * exists only as an open file. OVERWRITTEN: the same file with other content.
 */
export type FilePlace = 'IN_PLACE' | 'MOVED' | 'OVERWRITTEN';

/** The authoritative record of trading, simulated or live: one SQLite file per run; only this process writes it. */
export interface Ledger {
  readonly path: string;
  identity(): LedgerIdentity;
  size(): LedgerSize;
  place(): FilePlace;
  /**
   * Writes a MOVED ledger back to its path and continues there; returns the new paths of the files that were there.
   * @throws LedgerUnwritable if this fails; the ledger then stays open as before.
   */
  putBack(stamp: string): string[];
  hasSignal(signalId: string): boolean;
  /** Writes all or nothing. @throws LedgerUnwritable if it may work later; LedgerUnusable if it never will. */
  commit(commit: LedgerCommit): void;
  /** False if the refusal was already recorded. @throws as `commit`. */
  addRefusal(decision: Decision): boolean;
  /** The refusal with its follow-up; undefined if it is not recorded. @throws as `commit`. */
  followUp(decisionId: string, followUp: FollowUp): Decision | undefined;
  /** Newest first. */
  recentDecisions(limit: number): Decision[];
  recentRefusals(limit: number): Decision[];
  /** Decisions of a UTC day (`2023-04-05`) in the order of recording, after `afterN`. */
  decisionsOfDay(day: string, afterN: number, limit: number): { n: number; decision: Decision }[];
  /** The newest decision before the first one that may still change: it and all earlier ones rest no longer. */
  lastFinal(): number;
  /** UTC days whose export may be incomplete: days after the last complete export, and the day of the newest decision. */
  daysToExport(): string[];
  /** Records that the export contains all decisions up to `n`. If the disk does not accept it, days are exported again. */
  noteExported(n: number): void;
  /** The known trading state of the run. */
  tradingState(): RememberedState;
  /** @throws as `commit`. */
  keepTradingState(state: FleetState): void;
  /**
   * Moves the file aside and starts a new one of the same run with the same trading state; returns the new path of the old file.
   * @throws LedgerUnwritable if the file cannot be moved; it then stays open as before.
   */
  startOver(stamp: string): string;
  statisticsEpoch(): StatisticsEpoch | undefined;
  /** @throws as `commit`. */
  setStatisticsEpoch(statisticsEpoch: StatisticsEpoch): void;
  /** Numbers of the newest decision and trade: an epoch that starts now counts later ones. */
  lastRows(): Pick<StatisticsEpoch, 'decisions_after' | 'trades_after'>;
  /** Outcome counts of the decisions after `afterN`. */
  outcomes(afterN: number): { outcome: DecisionOutcome; count: number }[];
  /** Ids of the decisions up to `n` whose orders still rest. */
  restingUpTo(n: number): string[];
  /** Trades after `afterN`, oldest first. */
  trades(afterN: number): Iterable<ClosedTrade>;
  /** The newest `limit` trades, oldest first. */
  lastTrades(limit: number): ClosedTrade[];
  /** The newest `limit` answers to signals, oldest first. */
  lastExecutions(limit: number): Execution[];
  /** The answers to a signal, oldest first. */
  executionsOf(signalId: string): Execution[];
  state(): SimulatorState;
  /** The tables of live trading. */
  journal(): JournalTables;
  /** Ids of the signals that a frame of a replay caused. */
  signalsOfSeq(seq: number): string[];
  /** The newest frame of a replay with a recorded signal; 0 without one. */
  lastSeq(): number;
  /** Syncs committed data to disk, if the disk accepts it; otherwise the next commit reports the problem. */
  checkpoint(): void;
  close(): void;
}
