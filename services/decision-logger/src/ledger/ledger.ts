import type { RestingOrder } from '@helios/shared/core/portfolio/order-desk.ts';
import type { SimulatorEffect, SimulatorState } from '@helios/shared/core/portfolio/simulator.ts';
import type { Decision, DecisionOutcome, FollowUp } from '@helios/shared/domain/decision.ts';
import type { ClosedTrade, OpenPosition } from '@helios/shared/domain/position.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { utcDayOf } from '../utc-day.ts';
import { LedgerUnusable, LedgerUnwritable } from './ledger-errors.ts';
import { LEDGER_SCHEMA, LEDGER_VERSION } from './ledger-schema.ts';
import { parseDoc, SqliteFile } from './sqlite-file.ts';

/** Signals, decisions and trades are kept for ever; refusals are many, so only the newest of them. */
const REFUSALS_KEPT = 100_000;
const REFUSALS_CUT_EVERY = 1_000;

/** A symbol's positions and orders as they are after a commit. */
export interface Holding {
  readonly symbol: string;
  readonly positions: readonly OpenPosition[];
  readonly resting: readonly RestingOrder[];
}

/** One transaction: what a signal or a market event changed. */
export interface LedgerCommit {
  /** The signal whose decision is new among the effects. */
  readonly signal: TradingSignal | undefined;
  readonly effects: readonly SimulatorEffect[];
  readonly holdings: readonly Holding[];
}

/** The truth about simulated trading: one SQLite file of one run, which this process alone writes. */
export interface Ledger {
  readonly path: string;
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
  outcomes(): { outcome: DecisionOutcome; count: number }[];
  /** Oldest first. */
  trades(): Iterable<ClosedTrade>;
  /** The newest `limit` trades, oldest first. */
  lastTrades(limit: number): ClosedTrade[];
  state(): SimulatorState;
  /** Ids of the signals that a replay's frame gave rise to. */
  signalsOfSeq(seq: number): string[];
  /** The newest frame of a replay that gave rise to a recorded signal; 0 without one. */
  lastSeq(): number;
  /** Forces what was committed to the disk, as far as the disk takes it: the next commit tells of trouble. */
  checkpoint(): void;
  close(): void;
}

/**
 * Opens a run's ledger, or begins it.
 *
 * Write-ahead log with `synchronous=NORMAL`: a commit is in the system's file cache when it returns, so a killed process
 * (kill -9, crash, out of memory) loses nothing and leaves nothing half done; no fsync stands between a signal and its
 * acknowledgement (2 ms each on a slow disk). A power cut can cost what was committed since the last `checkpoint`, which
 * the service calls once a second: as much as Redis with `appendfsync everysec`, and the file stays consistent.
 * @throws LedgerUnusable where the file is damaged, of a newer version or of another run; LedgerUnwritable.
 */
export function openLedger(path: string, run: string): Ledger {
  return new SqliteLedger(path, run);
}

class SqliteLedger implements Ledger {
  readonly path: string;
  readonly #file: SqliteFile;

  constructor(path: string, run: string) {
    this.path = path;
    this.#file = new SqliteFile(path);
    try {
      this.#file.guarded(() => this.#check(run));
    } catch (error) {
      this.#file.close();
      throw error;
    }
  }

  #check(run: string): void {
    const verdict = this.#file.all('PRAGMA quick_check(1)')[0]?.['quick_check'];
    if (verdict !== 'ok') throw new LedgerUnusable(this.path, `its check says: ${verdict}`);
    this.#file.exec(LEDGER_SCHEMA);
    const known = new Map(this.#file.all('SELECT name, value FROM meta').map((row) => [row['name'], row['value']]));
    const version = known.get('version') ?? LEDGER_VERSION;
    if (version !== LEDGER_VERSION)
      throw new LedgerUnusable(this.path, `it has version ${version}, this program writes ${LEDGER_VERSION}`);
    const owner = known.get('run') ?? run;
    if (owner !== run) throw new LedgerUnusable(this.path, `it belongs to the run ${owner}, this is ${run}`);
    for (const pair of Object.entries({ version: LEDGER_VERSION, run }))
      this.#file.run('INSERT OR IGNORE INTO meta VALUES (?, ?)', ...pair);
  }

  hasSignal(signalId: string): boolean {
    return this.#file.all('SELECT 1 FROM decisions WHERE decision_id = ?', signalId).length > 0;
  }

  commit({ signal, effects, holdings }: LedgerCommit): void {
    this.#file.transaction(() => {
      for (const { decision, isNew, trade } of effects) {
        if (isNew) this.#insertDecision(decision, signal);
        else this.#updateDecision(decision);
        if (trade) this.#insertTrade(trade);
      }
      for (const holding of holdings) this.#setHolding(holding);
    });
  }

  addRefusal(decision: Decision): boolean {
    return this.#file.transaction(() => {
      const { changes, lastInsertRowid } = this.#file.run(
        'INSERT OR IGNORE INTO refusals (decision_id, ts, symbol, refused_by, doc) VALUES (?, ?, ?, ?, ?)',
        decision.decision_id,
        decision.timestamp,
        decision.symbol,
        decision.refused_by ?? null,
        JSON.stringify(decision),
      );
      if (changes === 0) return false;
      const n = Number(lastInsertRowid);
      if (n % REFUSALS_CUT_EVERY === 0) this.#file.run('DELETE FROM refusals WHERE n <= ?', n - REFUSALS_KEPT);
      return true;
    });
  }

  followUp(decisionId: string, followUp: FollowUp): Decision | undefined {
    return this.#file.transaction(() => {
      const [refusal] = this.#file.documents<Decision>('SELECT doc FROM refusals WHERE decision_id = ?', decisionId);
      if (refusal === undefined) return undefined;
      const followed = { ...refusal, follow_up: followUp };
      this.#file.run('UPDATE refusals SET doc = ? WHERE decision_id = ?', JSON.stringify(followed), decisionId);
      return followed;
    });
  }

  recentDecisions(limit: number): Decision[] {
    return this.#file.documents('SELECT doc FROM decisions ORDER BY n DESC LIMIT ?', limit);
  }

  recentRefusals(limit: number): Decision[] {
    return this.#file.documents('SELECT doc FROM refusals ORDER BY n DESC LIMIT ?', limit);
  }

  decisionsOfDay(day: string, afterN: number, limit: number): { n: number; decision: Decision }[] {
    const sql = 'SELECT n, doc FROM decisions WHERE day = ? AND n > ? ORDER BY n LIMIT ?';
    return this.#file
      .all(sql, day, afterN, limit)
      .map((row) => ({ n: Number(row['n']), decision: parseDoc<Decision>(row) }));
  }

  outcomes(): { outcome: DecisionOutcome; count: number }[] {
    const rows = this.#file.all('SELECT outcome, count(*) AS count FROM decisions GROUP BY outcome');
    return rows.map((row) => ({ outcome: row['outcome'] as DecisionOutcome, count: Number(row['count']) }));
  }

  *trades(): Iterable<ClosedTrade> {
    for (const row of this.#file.iterate('SELECT doc FROM trades ORDER BY n')) yield parseDoc<ClosedTrade>(row);
  }

  lastTrades(limit: number): ClosedTrade[] {
    return this.#file.documents<ClosedTrade>('SELECT doc FROM trades ORDER BY n DESC LIMIT ?', limit).reverse();
  }

  state(): SimulatorState {
    return {
      positions: this.#file.documents('SELECT doc FROM positions ORDER BY rowid'),
      resting: this.#file.documents('SELECT doc FROM orders ORDER BY rowid'),
    };
  }

  signalsOfSeq(seq: number): string[] {
    return this.#file
      .all('SELECT decision_id FROM decisions WHERE seq = ?', seq)
      .map((row) => String(row['decision_id']));
  }

  lastSeq(): number {
    return Number(this.#file.all('SELECT max(seq) AS seq FROM decisions')[0]?.['seq'] ?? 0);
  }

  checkpoint(): void {
    try {
      this.#file.all('PRAGMA wal_checkpoint(PASSIVE)');
    } catch (error) {
      if (!(error instanceof LedgerUnwritable)) throw error;
    }
  }

  close(): void {
    this.#file.close();
  }

  #insertDecision(decision: Decision, signal: TradingSignal | undefined): void {
    this.#file.run(
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

  #updateDecision(decision: Decision): void {
    this.#file.run(
      'UPDATE decisions SET outcome = ?, realized_pnl = ?, doc = ? WHERE decision_id = ?',
      decision.outcome,
      decision.realized_pnl ?? null,
      JSON.stringify(decision),
      decision.decision_id,
    );
  }

  #insertTrade(trade: ClosedTrade): void {
    this.#file.run(
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

  #setHolding({ symbol, positions, resting }: Holding): void {
    this.#file.run('DELETE FROM positions WHERE symbol = ?', symbol);
    for (const position of positions) {
      this.#file.run('INSERT INTO positions VALUES (?, ?, ?)', symbol, position.side, JSON.stringify(position));
    }
    this.#file.run('DELETE FROM orders WHERE symbol = ?', symbol);
    for (const order of resting) {
      this.#file.run('INSERT INTO orders VALUES (?, ?, ?)', order.order.order_id, symbol, JSON.stringify(order));
    }
  }
}
