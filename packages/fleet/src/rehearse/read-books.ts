import { DatabaseSync } from 'node:sqlite';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import { ledgersIn } from '@helios/shared/runtime/ledger-reader.ts';

/** What the fleet recorded. */
export interface FleetBooks {
  readonly executions: readonly Execution[];
  readonly trades: readonly ClosedTrade[];
  /** Ids of all signals with a decision. */
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
    const executions = docs('executions') as Execution[];
    return {
      executions,
      trades: docs('trades') as ClosedTrade[],
      signals: executions.map(({ signal_id }) => signal_id),
    };
  } finally {
    ledger.close();
  }
}
