import { type LiveLot, lotTimes } from '@helios/core/journal/live-lot.ts';
import type { OpenSignal } from '@helios/core/journal/open-signal.ts';
import type { AccountFlow } from '@helios/shared/domain/account-flow.ts';
import type { Decision } from '@helios/shared/domain/decision.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { SqliteFile } from './sqlite-file.ts';

/** A trade whose money the venue corrected, with the decision on its exit. */
export interface AmendedTrade {
  readonly trade: ClosedTrade;
  readonly decision: Decision | undefined;
}

/** The rows of live trading in one commit. */
export interface JournalRows {
  readonly signals: readonly OpenSignal[];
  readonly ended: readonly string[];
  readonly lots: readonly LiveLot[];
  readonly flow?: AccountFlow;
  readonly amended: readonly AmendedTrade[];
}

/** Writes the rows; the caller holds the transaction. */
export function writeJournal(file: SqliteFile, { signals, ended, lots, flow, amended }: JournalRows): void {
  if (flow) insertFlow(file, flow);
  for (const lot of lots) setLot(file, lot);
  for (const open of signals)
    file.run('INSERT OR REPLACE INTO open_signals VALUES (?, ?)', open.signal_id, JSON.stringify(open));
  for (const id of ended) file.run('DELETE FROM open_signals WHERE signal_id = ?', id);
  for (const one of amended) amend(file, one);
}

function insertFlow(file: SqliteFile, flow: AccountFlow): void {
  file.run(
    'INSERT INTO flows (flow_id, kind, symbol, asset, amount, trade_id, ts, doc) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    flow.flow_id,
    flow.kind,
    flow.symbol ?? null,
    flow.asset,
    flow.amount,
    flow.trade_id ?? null,
    flow.ts_event,
    JSON.stringify(flow),
  );
}

function setLot(file: SqliteFile, lot: LiveLot): void {
  const { firstTs, lastTs } = lotTimes(lot);
  const { position_id, opened } = lot;
  const doc = JSON.stringify(lot);
  for (const { trade_id } of lot.is_closed ? [...lot.entries, ...lot.exits] : [])
    file.run('INSERT OR IGNORE INTO booked_fills VALUES (?, ?, ?)', opened.symbol, trade_id, position_id);
  file.run(
    'INSERT OR REPLACE INTO lots VALUES (?, ?, ?, ?, ?)',
    position_id,
    opened.symbol,
    firstTs,
    lastTs ?? null,
    doc,
  );
}

function amend(file: SqliteFile, { trade, decision }: AmendedTrade): void {
  file.run(
    'UPDATE trades SET gross_pnl = ?, fees = ?, realized_pnl = ?, doc = ? WHERE exit_signal_id = ?',
    trade.gross_pnl,
    trade.fees,
    trade.realized_pnl,
    JSON.stringify(trade),
    trade.exit_signal_id,
  );
  if (decision === undefined) return;
  file.run(
    'UPDATE decisions SET realized_pnl = ?, doc = ? WHERE decision_id = ?',
    decision.realized_pnl ?? null,
    JSON.stringify(decision),
    decision.decision_id,
  );
}
