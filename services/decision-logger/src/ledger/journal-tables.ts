import type { JournalState } from '@helios/core/journal/journal-change.ts';
import { isFlowOf, type LiveLot, lotTimes } from '@helios/core/journal/live-lot.ts';
import type { AccountFlow } from '@helios/shared/domain/account-flow.ts';
import type { Decision } from '@helios/shared/domain/decision.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { parseDoc, type SqliteFile } from './sqlite-file.ts';

/** The venue may stamp a flow this much before or after the fill that caused it. */
const STAMP_SLACK_MS = 1_000;
/** Key in `meta`. */
const STARTING_BALANCE = 'live_starting_balance';

/** Reads the tables of live trading. */
export class JournalTables {
  readonly #file: SqliteFile;

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  /** Signals without a final answer, and open positions, oldest first. */
  state(): JournalState {
    return {
      signals: this.#file.documents('SELECT doc FROM open_signals ORDER BY rowid'),
      lots: this.#file.documents('SELECT doc FROM lots WHERE last_ts IS NULL ORDER BY rowid'),
    };
  }

  hasExecution(executionId: string): boolean {
    return this.#has('SELECT 1 FROM executions WHERE execution_id = ?', executionId);
  }

  /** True if a closed position has the trade of the venue. */
  hasFill(symbol: string, tradeId: string): boolean {
    return this.#file.all('SELECT 1 FROM booked_fills WHERE symbol = ? AND trade_id = ?', symbol, tradeId).length > 0;
  }

  hasFlow(flowId: string): boolean {
    return this.#has('SELECT 1 FROM flows WHERE flow_id = ?', flowId);
  }

  /** The signal behind a recorded decision. */
  signalOf(decisionId: string): TradingSignal | undefined {
    const [row] = this.#file.all('SELECT signal FROM decisions WHERE decision_id = ?', decisionId);
    return (row && (JSON.parse(String(row['signal'])) as TradingSignal | null)) ?? undefined;
  }

  decisionOf(decisionId: string): Decision | undefined {
    return this.#first<Decision>('SELECT doc FROM decisions WHERE decision_id = ?', decisionId);
  }

  tradeOf(exitSignalId: string): ClosedTrade | undefined {
    return this.#first<ClosedTrade>('SELECT doc FROM trades WHERE exit_signal_id = ?', exitSignalId);
  }

  /** The venue's flows of a position. */
  flowsOf(lot: LiveLot): AccountFlow[] {
    const { firstTs, lastTs = Number.MAX_SAFE_INTEGER - STAMP_SLACK_MS } = lotTimes(lot);
    const sql = 'SELECT doc FROM flows WHERE symbol = ? AND ts BETWEEN ? AND ? ORDER BY n';
    const near = this.#file.documents<AccountFlow>(
      sql,
      lot.opened.symbol,
      firstTs - STAMP_SLACK_MS,
      lastTs + STAMP_SLACK_MS,
    );
    return near.filter((flow) => isFlowOf(lot, flow));
  }

  /** The whole income of the venue, oldest first. */
  *flows(): Iterable<AccountFlow> {
    for (const row of this.#file.iterate('SELECT doc FROM flows ORDER BY n')) yield parseDoc<AccountFlow>(row);
  }

  /** Closed positions that a flow belongs to. */
  closedLotsOf(flow: AccountFlow): LiveLot[] {
    if (flow.symbol === undefined) return [];
    const sql = 'SELECT doc FROM lots WHERE symbol = ? AND last_ts >= ? AND first_ts <= ?';
    const { symbol, ts_event } = flow;
    const near = this.#file.documents<LiveLot>(sql, symbol, ts_event - STAMP_SLACK_MS, ts_event + STAMP_SLACK_MS);
    return near.filter((lot) => isFlowOf(lot, flow));
  }

  /** Wallet balance before the first recorded trade, from which equity counts; undefined before it is known. Quote currency. */
  startingBalance(): number | undefined {
    const [row] = this.#file.all('SELECT value FROM meta WHERE name = ?', STARTING_BALANCE);
    return row && Number(row['value']);
  }

  /** @throws LedgerUnwritable */
  setStartingBalance(balance: number): void {
    this.#file.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', STARTING_BALANCE, String(balance));
  }

  #has(sql: string, id: string): boolean {
    return this.#file.all(sql, id).length > 0;
  }

  #first<T>(sql: string, id: string): T | undefined {
    const [row] = this.#file.all(sql, id);
    return row && parseDoc<T>(row);
  }
}
