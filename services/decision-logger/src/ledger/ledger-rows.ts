import type { RestingOrder, SimulatorEffect } from '@helios/core/trading/paper-trading.ts';
import type { Decision } from '@helios/shared/domain/decision.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { ClosedTrade, OpenPosition } from '@helios/shared/domain/position.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { utcDayOf } from '../utc-day.ts';
import { type JournalRows, writeJournal } from './journal-rows.ts';
import type { SqliteFile } from './sqlite-file.ts';

/** Positions and orders of a symbol after a commit. */
export interface SymbolExposure {
  readonly symbol: string;
  readonly positions: readonly OpenPosition[];
  readonly resting: readonly RestingOrder[];
}

/** One transaction: the changes of one signal or market event. */
export interface LedgerCommit {
  /** The signal with a new decision among the effects. */
  readonly signal: TradingSignal | undefined;
  readonly effects: readonly SimulatorEffect[];
  /** The answers to signals, in order. */
  readonly executions: readonly Execution[];
  readonly exposures: readonly SymbolExposure[];
  /** Live trading only. */
  readonly journal?: JournalRows;
}

/** Writes a commit's rows; the caller holds the transaction. */
export function writeCommit(file: SqliteFile, { signal, effects, executions, exposures, journal }: LedgerCommit): void {
  for (const { decision, isNew, trade } of effects) {
    if (isNew) insertDecision(file, decision, signal);
    else updateDecision(file, decision);
    if (trade) insertTrade(file, trade);
  }
  for (const execution of executions) insertExecution(file, execution);
  for (const exposure of exposures) setExposure(file, exposure);
  if (journal) writeJournal(file, journal);
}

function insertDecision(file: SqliteFile, decision: Decision, signal: TradingSignal | undefined): void {
  file.run(
    'INSERT INTO decisions (decision_id, day, ts, symbol, direction, outcome, realized_pnl, seq, signal, doc) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    decision.decision_id,
    utcDayOf(decision.timestamp),
    decision.timestamp,
    decision.symbol,
    decision.direction,
    decision.outcome,
    decision.realized_pnl ?? null,
    signal?.seq ?? null,
    JSON.stringify(signal ?? null),
    JSON.stringify(decision),
  );
}

function updateDecision(file: SqliteFile, decision: Decision): void {
  file.run(
    'UPDATE decisions SET outcome = ?, realized_pnl = ?, doc = ? WHERE decision_id = ?',
    decision.outcome,
    decision.realized_pnl ?? null,
    JSON.stringify(decision),
    decision.decision_id,
  );
}

function insertExecution(file: SqliteFile, execution: Execution): void {
  file.run(
    'INSERT INTO executions (execution_id, signal_id, ts, symbol, purpose, answer, doc) VALUES (?, ?, ?, ?, ?, ?, ?)',
    execution.execution_id,
    execution.signal_id,
    execution.ts_event,
    execution.symbol,
    execution.purpose,
    execution.answer,
    JSON.stringify(execution),
  );
}

function insertTrade(file: SqliteFile, trade: ClosedTrade): void {
  file.run(
    'INSERT INTO trades (exit_signal_id, entry_signal_id, symbol, side, exit_ts, gross_pnl, fees, realized_pnl, doc) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    trade.exit_signal_id,
    trade.entry_signal_id,
    trade.symbol,
    trade.side,
    trade.exit_ts,
    trade.gross_pnl,
    trade.fees,
    trade.realized_pnl,
    JSON.stringify(trade),
  );
}

function setExposure(file: SqliteFile, { symbol, positions, resting }: SymbolExposure): void {
  file.run('DELETE FROM positions WHERE symbol = ?', symbol);
  for (const position of positions) {
    file.run('INSERT INTO positions VALUES (?, ?, ?)', symbol, position.side, JSON.stringify(position));
  }
  file.run('DELETE FROM orders WHERE symbol = ?', symbol);
  for (const order of resting) {
    file.run('INSERT INTO orders VALUES (?, ?, ?)', order.order.order_id, symbol, JSON.stringify(order));
  }
}
