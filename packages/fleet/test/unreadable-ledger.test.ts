import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listAccounts } from '../src/account-lines.ts';
import { accountsIn, pickAccount } from '../src/pick-account.ts';

let folder: string;
let broken: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'helios-ledgers-'));
  mkdirSync(join(folder, 'ledger'));
  broken = join(folder, 'ledger', 'broken.sqlite');
  writeFileSync(broken, 'not a database, and long enough for SQLite to notice\n'.repeat(50));
  const db = new DatabaseSync(join(folder, 'ledger', 'good.sqlite'));
  db.exec(`
    CREATE TABLE meta (name TEXT, value TEXT);
    INSERT INTO meta VALUES ('run', 'synthetic:seed:1');
    CREATE TABLE trades (n INTEGER, realized_pnl REAL, doc TEXT);
    CREATE TABLE decisions (n INTEGER, ts INTEGER, symbol TEXT, doc TEXT);
    CREATE TABLE refusals (n INTEGER, ts INTEGER, symbol TEXT, refused_by TEXT, doc TEXT);
    CREATE TABLE positions (symbol TEXT, side TEXT, doc TEXT);
    CREATE TABLE orders (doc TEXT);`);
  db.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('an unreadable ledger hides no other ledger, and is listed with the reason', () => {
  const found = accountsIn(folder);
  const lines = listAccounts(found, { current: undefined, replays: false });
  expect(lines[1]).toMatch(/^synthetic:seed:1 /);
  expect(lines.at(-1)).toContain(`The ledger ${broken} cannot be read: file is not a database.`);
});

test('next to an unreadable ledger, another run is found only by its name', () => {
  const found = accountsIn(folder);
  expect(pickAccount(found, 'synthetic:seed:1').run).toBe('synthetic:seed:1');
  expect(() => pickAccount(found, undefined)).toThrow(/name one.*synthetic:seed:1.*broken\.sqlite cannot be read/s);
  expect(() => pickAccount(found, 'broken')).toThrow(/broken\.sqlite cannot be read/);
});
