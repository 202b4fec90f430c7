import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Decision } from '@helios/shared/domain/decision.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { ClosedTrade, OpenPosition } from '@helios/shared/domain/position.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { TrainingRow } from '@helios/shared/domain/training-row.ts';

/** Maximum wait of a reader for a writer, ms. */
const BUSY_MS = 5_000;

/** Content of a ledger, in the order of recording. */
export interface LedgerContent {
  readonly signals: readonly TradingSignal[];
  readonly decisions: readonly Decision[];
  readonly refusals: readonly Decision[];
  readonly executions: readonly Execution[];
  readonly trades: readonly ClosedTrade[];
  readonly positions: readonly OpenPosition[];
}

/** Reads the only ledger in a fleet's data folder, also while it is written. */
export function readLedger(dataDir: string): LedgerContent {
  return asked(dataDir, (column) => ({
    signals: column<TradingSignal>('SELECT signal AS doc FROM decisions ORDER BY n'),
    decisions: column<Decision>('SELECT doc FROM decisions ORDER BY n'),
    refusals: column<Decision>('SELECT doc FROM refusals ORDER BY n'),
    executions: column<Execution>('SELECT doc FROM executions ORDER BY n'),
    trades: column<ClosedTrade>('SELECT doc FROM trades ORDER BY n'),
    positions: column<OpenPosition>('SELECT doc FROM positions ORDER BY symbol, side'),
  }));
}

/** The training rows beside the only ledger in a fleet's data folder. */
export function readTrainingRows(dataDir: string): TrainingRow[] {
  const [file = ''] = ledgersIn(dataDir);
  const rows = join(dataDir, 'ledger', file.replace(/\.sqlite$/, '.rows'), 'rows.jsonl');
  if (!existsSync(rows)) return [];
  return readFileSync(rows, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => TrainingRow.parse(JSON.parse(line)));
}

/** Number of recorded signals; 0 before the ledger exists. */
export function recordedSignals(dataDir: string): number {
  if (!existsSync(join(dataDir, 'ledger')) || ledgersIn(dataDir).length === 0) return 0;
  return asked(dataDir, (column) => column<number>('SELECT count(*) AS doc FROM decisions')[0] ?? 0);
}

/** Ids of all recorded signals. */
export function recordedIds(dataDir: string): ReadonlySet<string> {
  return new Set(asked(dataDir, (column) => column<string>('SELECT json_quote(decision_id) AS doc FROM decisions')));
}

type Column = <T>(sql: string) => T[];

/** All queries of one call read the same state. */
function asked<A>(dataDir: string, ask: (column: Column) => A): A {
  const [file] = ledgersIn(dataDir);
  if (file === undefined || ledgersIn(dataDir).length > 1)
    throw new Error(`expected one ledger in ${dataDir}, found ${ledgersIn(dataDir).length}`);
  const db = new DatabaseSync(join(dataDir, 'ledger', file), { readOnly: true, timeout: BUSY_MS });
  try {
    db.exec('BEGIN');
    return ask((sql) =>
      db
        .prepare(sql)
        .all()
        .map((row) => JSON.parse(String(row['doc']))),
    );
  } finally {
    db.close();
  }
}

function ledgersIn(dataDir: string): string[] {
  return readdirSync(join(dataDir, 'ledger')).filter((name) => name.endsWith('.sqlite'));
}
