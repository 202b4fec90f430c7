import { randomUUID } from 'node:crypto';
import type { SimulatorState } from '@helios/core/trading/paper-trading.ts';
import type { Decision, DecisionOutcome, FollowUp } from '@helios/shared/domain/decision.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import { type FleetState, RememberedState } from '@helios/shared/domain/fleet.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import { lastRows, outcomesAfter, restingUpTo } from './epoch-queries.ts';
import { daysAfter, decisionsOfDay, lastFinal } from './export-queries.ts';
import { JournalTables } from './journal-tables.ts';
import type { FilePlace, Ledger, LedgerIdentity, LedgerSize, StatisticsEpoch } from './ledger.ts';
import { LedgerUnusable, LedgerUnwritable, tryWrite } from './ledger-errors.ts';
import { moveAside } from './ledger-file.ts';
import { type LedgerCommit, writeCommit } from './ledger-rows.ts';
import { migrate } from './migrations.ts';
import { OpenFiles } from './open-files.ts';
import { putBack } from './put-back.ts';
import { addFollowUp, insertRefusal } from './refusal-rows.ts';
import { parseDoc, SqliteFile } from './sqlite-file.ts';
import { WriterLock } from './writer-lock.ts';
import { isAsWritten, sizeIn } from './written-file.ts';

/** Key in `meta`: the decision up to which the export is complete. */
const EXPORTED = 'exported_to';
const STATISTICS_EPOCH = 'chapter';
/** Key in `meta`: the trading state of the run, a `RememberedState`. Missing in ledgers of earlier versions. */
const TRADING_STATE = 'trading_state';
/** Keys in `meta`: the id of this ledger, and, as JSON, those of the ledgers that were reset before it. */
const LEDGER_ID = 'ledger_id';
const FORMER_IDS = 'former_ids';
const FORMER_IDS_KEPT = 100;

/** The ledger as one SQLite file; every method is synchronous. */
export class SqliteLedger implements Ledger {
  readonly path: string;
  readonly #refusalsKept: number;
  readonly #run: string;
  readonly #lock: WriterLock;
  #file: SqliteFile;
  #files: OpenFiles;

  /** Keeps signals, decisions and trades forever; of refusals, which are many, the newest `refusalsKept`. */
  constructor(path: string, run: string, refusalsKept: number) {
    this.path = path;
    this.#run = run;
    this.#refusalsKept = refusalsKept;
    this.#lock = new WriterLock(path);
    try {
      [this.#file, this.#files] = this.#opened({ kind: 'FIRST_START' }, []);
    } catch (error) {
      this.#lock.release();
      throw error;
    }
  }

  #opened(begun: RememberedState, formerIds: readonly string[]): [SqliteFile, OpenFiles] {
    const file = new SqliteFile(this.path);
    this.#file = file;
    try {
      file.guarded(() => this.#check(begun, formerIds));
      return [file, new OpenFiles(this.path)];
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Checks the file, or starts it with the trading state `begun` as the successor of `formerIds`. */
  #check(begun: RememberedState, formerIds: readonly string[]): void {
    const verdict = this.#file.all('PRAGMA quick_check(1)')[0]?.['quick_check'];
    if (verdict !== 'ok') throw new LedgerUnusable(this.path, `its check says: ${verdict}`);
    this.#file.transaction(() => this.#begin(begun, formerIds));
  }

  /** Creates or migrates the tables; in a new file it also stores the run and the ledger id. */
  #begin(begun: RememberedState, formerIds: readonly string[]): void {
    const run = this.#run;
    const isNew = migrate(this.#file, this.path) === 0;
    const owner = this.#meta('run') ?? run;
    if (owner !== run) throw new LedgerUnusable(this.path, `it belongs to the run ${owner}, this is ${run}`);
    // A ledger of an earlier version gets its id now.
    const begins = { run, [LEDGER_ID]: randomUUID(), [FORMER_IDS]: JSON.stringify(formerIds) };
    const state = isNew ? { [TRADING_STATE]: JSON.stringify(begun) } : {};
    for (const pair of Object.entries({ ...begins, ...state }))
      this.#file.run('INSERT OR IGNORE INTO meta VALUES (?, ?)', ...pair);
  }

  identity(): LedgerIdentity {
    return { ledger_id: this.#meta(LEDGER_ID) ?? '', former_ids: JSON.parse(this.#meta(FORMER_IDS) ?? '[]') };
  }

  size(): LedgerSize {
    return sizeIn(this.#file);
  }

  place(): FilePlace {
    if (!this.#files.areInPlace()) return 'MOVED';
    return isAsWritten(this.path, this) ? 'IN_PLACE' : 'OVERWRITTEN';
  }

  putBack(stamp: string): string[] {
    const aside = putBack(this.path, this.#file, this.#files, stamp);
    // The lock file may have gone together with the ledger.
    this.#lock.renew();
    [this.#file, this.#files] = this.#opened({ kind: 'LOST' }, []);
    return aside;
  }

  hasSignal(signalId: string): boolean {
    return this.#file.all('SELECT 1 FROM decisions WHERE decision_id = ?', signalId).length > 0;
  }

  commit(commit: LedgerCommit): void {
    this.#file.transaction(() => writeCommit(this.#file, commit));
  }

  addRefusal(decision: Decision): boolean {
    return this.#file.transaction(() => insertRefusal(this.#file, decision, this.#refusalsKept));
  }

  followUp(decisionId: string, followUp: FollowUp): Decision | undefined {
    return this.#file.transaction(() => addFollowUp(this.#file, decisionId, followUp));
  }

  recentDecisions(limit: number): Decision[] {
    const decisions = this.#file.documents<Decision>('SELECT doc FROM decisions ORDER BY n DESC LIMIT ?', limit);
    // Rows of earlier versions lack the second name of the same id.
    return decisions.map((decision) => ({ ...decision, signal_id: decision.signal_id ?? decision.decision_id }));
  }

  recentRefusals(limit: number): Decision[] {
    return this.#file.documents('SELECT doc FROM refusals ORDER BY n DESC LIMIT ?', limit);
  }

  decisionsOfDay(day: string, afterN: number, limit: number): { n: number; decision: Decision }[] {
    return decisionsOfDay(this.#file, day, afterN, limit);
  }

  lastFinal(): number {
    return lastFinal(this.#file);
  }

  daysToExport(): string[] {
    return daysAfter(this.#file, Number(this.#meta(EXPORTED) ?? 0));
  }

  noteExported(n: number): void {
    tryWrite(() => this.#setMeta(EXPORTED, String(n)));
  }

  tradingState(): RememberedState {
    const text = this.#meta(TRADING_STATE);
    return text === undefined ? { kind: 'LOST' } : RememberedState.parse(JSON.parse(text));
  }

  keepTradingState(state: FleetState): void {
    const kept: RememberedState = { kind: 'KEPT', state };
    this.#setMeta(TRADING_STATE, JSON.stringify(kept));
  }

  startOver(stamp: string): string {
    const [trading, { ledger_id, former_ids }] = [this.tradingState(), this.identity()];
    const busy = this.#file.all('PRAGMA wal_checkpoint(TRUNCATE)')[0]?.['busy'];
    if (busy !== 0) throw new LedgerUnwritable(this.path, 'another program reads it', { cause: undefined });
    this.#file.close();
    try {
      return moveAside(this.path, stamp);
    } finally {
      // A state that was lost is not a first start.
      const formerIds = [ledger_id, ...former_ids].slice(0, FORMER_IDS_KEPT);
      [this.#file, this.#files] = this.#opened(trading, formerIds);
    }
  }

  statisticsEpoch(): StatisticsEpoch | undefined {
    const statisticsEpoch = this.#meta(STATISTICS_EPOCH);
    return statisticsEpoch === undefined ? undefined : (JSON.parse(statisticsEpoch) as StatisticsEpoch);
  }

  setStatisticsEpoch(statisticsEpoch: StatisticsEpoch): void {
    this.#setMeta(STATISTICS_EPOCH, JSON.stringify(statisticsEpoch));
  }

  lastRows(): Pick<StatisticsEpoch, 'decisions_after' | 'trades_after'> {
    return lastRows(this.#file);
  }

  restingUpTo(n: number): string[] {
    return restingUpTo(this.#file, n);
  }

  outcomes(afterN: number): { outcome: DecisionOutcome; count: number }[] {
    return outcomesAfter(this.#file, afterN);
  }

  *trades(afterN: number): Iterable<ClosedTrade> {
    for (const row of this.#file.iterate('SELECT doc FROM trades WHERE n > ? ORDER BY n', afterN))
      yield parseDoc<ClosedTrade>(row);
  }

  lastTrades(limit: number): ClosedTrade[] {
    return this.#file.documents<ClosedTrade>('SELECT doc FROM trades ORDER BY n DESC LIMIT ?', limit).reverse();
  }

  lastExecutions(limit: number): Execution[] {
    return this.#file.documents<Execution>('SELECT doc FROM executions ORDER BY n DESC LIMIT ?', limit).reverse();
  }

  executionsOf(signalId: string): Execution[] {
    return this.#file.documents('SELECT doc FROM executions WHERE signal_id = ? ORDER BY n', signalId);
  }

  state(): SimulatorState {
    return {
      positions: this.#file.documents('SELECT doc FROM positions ORDER BY rowid'),
      resting: this.#file.documents('SELECT doc FROM orders ORDER BY rowid'),
    };
  }

  journal(): JournalTables {
    return new JournalTables(this.#file);
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
    tryWrite(() => this.#file.all('PRAGMA wal_checkpoint(PASSIVE)'));
  }

  close(): void {
    this.#file.close();
    this.#lock.release();
  }

  #meta(name: string): string | undefined {
    const [row] = this.#file.all('SELECT value FROM meta WHERE name = ?', name);
    return row && String(row['value']);
  }

  #setMeta(name: string, value: string): void {
    this.#file.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', name, value);
  }
}
