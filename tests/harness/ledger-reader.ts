import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Decision } from '@helios/shared/domain/decision.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';

/** What a ledger holds, in the order of recording. */
export interface LedgerContent {
  readonly signals: readonly TradingSignal[];
  readonly decisions: readonly Decision[];
  readonly refusals: readonly Decision[];
}

/** Reads the only ledger below a fleet's data folder. */
export function readLedger(dataDir: string): LedgerContent {
  const folder = join(dataDir, 'ledger');
  const files = readdirSync(folder).filter((name) => name.endsWith('.sqlite'));
  const [file] = files;
  if (file === undefined || files.length > 1)
    throw new Error(`expected one ledger in ${folder}, found ${files.length}`);
  const db = new DatabaseSync(join(folder, file), { readOnly: true });
  try {
    const column = <T>(sql: string): T[] =>
      db
        .prepare(sql)
        .all()
        .map((row) => JSON.parse(String(row['doc'])) as T);
    return {
      signals: column<TradingSignal>('SELECT signal AS doc FROM decisions ORDER BY n'),
      decisions: column<Decision>('SELECT doc FROM decisions ORDER BY n'),
      refusals: column<Decision>('SELECT doc FROM refusals ORDER BY n'),
    };
  } finally {
    db.close();
  }
}
