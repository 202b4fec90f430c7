import { DatabaseSync } from 'node:sqlite';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import { ledgersIn } from '@helios/shared/runtime/ledger-reader.ts';

/** What the fleet recorded. */
export interface FleetBooks {
  readonly executions: readonly Execution[];
  readonly trades: readonly ClosedTrade[];
  /** Ids of all signals with a decision or an answer, or without a final one. */
  readonly signals: readonly string[];
}

/** Reads the newest ledger of a data folder; undefined if there is none. Nobody may write to it meanwhile. */
export function readBooks(dataDir: string): FleetBooks | undefined {
  const path = ledgersIn(dataDir).at(-1);
  if (path === undefined) return undefined;
  const ledger = new DatabaseSync(path, { readOnly: true });
  try {
    const docs = (table: 'executions' | 'trades'): unknown[] =>
      ledger
        .prepare(`SELECT doc FROM ${table} ORDER BY n`)
        .all()
        .map(({ doc }) => JSON.parse(String(doc)));
    const ids = (query: string): string[] =>
      ledger
        .prepare(query)
        .all()
        .map(({ id }) => String(id));
    const executions = docs('executions') as Execution[];
    return {
      executions,
      trades: docs('trades') as ClosedTrade[],
      signals: ids(
        'SELECT decision_id AS id FROM decisions UNION SELECT signal_id FROM executions UNION SELECT signal_id FROM open_signals',
      ),
    };
  } finally {
    ledger.close();
  }
}
