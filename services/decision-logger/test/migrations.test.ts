import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LedgerUnusable } from '../src/ledger/ledger-errors.ts';
import { MIGRATIONS, migrate } from '../src/ledger/migrations.ts';
import { openLedger } from '../src/ledger/open-ledger.ts';
import { SqliteFile } from '../src/ledger/sqlite-file.ts';

const RUN = 'synthetic:seed:1';
const LATEST = MIGRATIONS.length;
const TABLES = ['decisions', 'meta', 'orders', 'positions', 'refusals', 'trades'] as const;

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'helios-migrations-'));
  path = join(folder, 'a.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Creates the ledger of that version. Each released version has its file. */
function makeOld(version: number): void {
  withDatabase((db) => db.exec(readFileSync(join(import.meta.dirname, `old-ledgers/version-${version}.sql`), 'utf8')));
}

function withDatabase<T>(work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(path);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

const rows = () =>
  withDatabase((db) => Object.fromEntries(TABLES.map((name) => [name, db.prepare(`SELECT * FROM ${name}`).all()])));

const schema = () =>
  withDatabase((db) =>
    db
      .prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY name")
      .all()
      .map(({ name, sql }) => `${name}: ${String(sql).replace(/\s+/g, ' ')}`),
  );

const versions = () =>
  withDatabase((db) => [
    db.prepare('PRAGMA user_version').get()?.['user_version'],
    db.prepare("SELECT value FROM meta WHERE name = 'version'").get()?.['value'],
  ]);

describe('a ledger of an earlier version', () => {
  const released = Array.from({ length: Math.max(1, LATEST - 1) }, (_, i) => i + 1);

  it.each(released)('version %i keeps every row and gets the tables of a new ledger', (version) => {
    openLedger(path, RUN).close();
    const fresh = schema();
    rmSync(path);
    makeOld(version);
    const before = rows();
    const ledger = openLedger(path, RUN);
    expect(ledger.recentDecisions(10).map((decision) => decision.decision_id)).toEqual([
      'entry-2',
      'exit-1',
      'entry-1',
    ]);
    expect(ledger.lastTrades(10)).toMatchObject([{ exit_signal_id: 'exit-1', realized_pnl: -11.864786372512 }]);
    expect(ledger.recentRefusals(10)).toMatchObject([{ decision_id: 'refused-1', refused_by: 'COOLDOWN' }]);
    expect(ledger.state().positions).toMatchObject([{ symbol: 'ETHUSDT', quantity: 9.99001 }]);
    expect(ledger.tradingState()).toMatchObject({ kind: 'KEPT', state: { state: 'ACTIVE' } });
    ledger.close();
    expect(schema()).toEqual(fresh);
    expect(versions()).toEqual([LATEST, String(LATEST)]);
    const { meta, ...records } = rows();
    const { meta: formerMeta, ...formerRecords } = before;
    expect(records).toMatchObject(formerRecords);
    const others = (pairs: unknown) => (pairs as { name: string }[]).filter(({ name }) => name !== 'version');
    expect(others(meta)).toEqual(others(formerMeta));
  });
});

describe('the steps', () => {
  const next = [...MIGRATIONS, 'CREATE TABLE answers (id TEXT PRIMARY KEY)'];
  const inTransaction = (steps: readonly string[]) => {
    const file = new SqliteFile(path);
    try {
      return file.transaction(() => migrate(file, path, steps));
    } finally {
      file.close();
    }
  };

  it('run once each, in order, from the version of the file', () => {
    makeOld(1);
    const first = inTransaction(next);
    expect(first).toBe(1);
    expect(versions()).toEqual([next.length, String(next.length)]);
    // Run again, CREATE TABLE would fail.
    expect(inTransaction(next)).toBe(next.length);
    expect(inTransaction([...next, 'INSERT INTO answers VALUES (1)'])).toBe(next.length);
    expect(withDatabase((db) => db.prepare('SELECT id FROM answers').all())).toEqual([{ id: '1' }]);
  });

  it('leave the file unchanged if one of them fails', () => {
    makeOld(1);
    const before = [rows(), schema(), versions()];
    expect(() => inTransaction([...next, 'CREATE TABLE trades (id TEXT)'])).toThrow(/trades already exists/);
    expect([rows(), schema(), versions()]).toEqual(before);
  });

  it('refuse a file of a later program, by either number', () => {
    openLedger(path, RUN).close();
    withDatabase((db) => db.exec(`PRAGMA user_version = ${LATEST + 1}`));
    expect(() => openLedger(path, RUN)).toThrow(`it has version ${LATEST + 1}, this program writes ${LATEST}`);
    withDatabase((db) =>
      db.exec(`PRAGMA user_version = ${LATEST}; UPDATE meta SET value = 'x' WHERE name = 'version'`),
    );
    expect(() => openLedger(path, RUN)).toThrow(`it has version x, this program writes ${LATEST}`);
  });

  it('report a dropped table, and create no empty one instead', () => {
    makeOld(1);
    withDatabase((db) => db.exec('DROP TABLE trades'));
    expect(() => openLedger(path, RUN)).toThrow(LedgerUnusable);
    expect(() => openLedger(path, RUN)).toThrow(/its table trades is missing/);
  });
});
