import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createSimulator, type Simulator } from '@helios/core/trading/paper-trading.ts';
import type { Decision } from '@helios/shared/domain/decision.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { aSignal, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger } from '../src/ledger/ledger.ts';
import { LedgerInUse, LedgerUnusable, LedgerUnwritable } from '../src/ledger/ledger-errors.ts';
import { ledgerPath, removeOldReplays, slugOf } from '../src/ledger/ledger-file.ts';
import { openLedger } from '../src/ledger/open-ledger.ts';
import { SqliteFile } from '../src/ledger/sqlite-file.ts';
import { openElsewhere } from './logger-process.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'helios-ledger-'));
  path = join(folder, 'a.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Records the effects of a signal on a new simulator; returns that simulator. */
function record(ledger: Ledger, signalId: string, fields: Partial<TradingSignal> = {}): Simulator {
  const signal = aSignal({ signal_id: signalId, run: 'r', ...fields });
  const paperAccount = createSimulator(defaultSettings({ simulation: { mode: 'HF_LIMIT' } }), 'r');
  const effects = paperAccount.onSignal(signal, T0);
  const { positions } = paperAccount.positionUpdate('BTCUSDT', T0);
  ledger.commit({
    signal,
    effects,
    executions: paperAccount.takeExecutions(),
    exposures: [{ symbol: 'BTCUSDT', positions, resting: [] }],
  });
  return paperAccount;
}

describe('a ledger that cannot be used', () => {
  it('is refused if it is no database, with its name and advice, and stays unchanged', () => {
    writeFileSync(path, 'not a database '.repeat(500));
    expect(() => openLedger(path, 'r')).toThrow(LedgerUnusable);
    expect(() => openLedger(path, 'r')).toThrow(/a\.sqlite cannot be used: it is damaged.*mv '/);
    expect(readFileSync(path, 'utf8')).toBe('not a database '.repeat(500));
  });

  it('is refused with a damaged page', () => {
    const ledger = openLedger(path, 'r');
    for (let i = 0; i < 200; i += 1) record(ledger, `s${i}`);
    ledger.close();
    const bytes = readFileSync(path);
    bytes.fill(0xab, 4_096 * 6, 4_096 * 9);
    writeFileSync(path, bytes);
    expect(() => openLedger(path, 'r')).toThrow(LedgerUnusable);
  });

  it('is refused if it is of another run or a newer version', () => {
    openLedger(path, 'r').close();
    expect(() => openLedger(path, 'other')).toThrow(/belongs to the run r, this is other/);
    const db = new DatabaseSync(path);
    db.exec("UPDATE meta SET value = '9' WHERE name = 'version'");
    db.close();
    expect(() => openLedger(path, 'r')).toThrow(/it has version 9/);
  });

  it('is refused if its folder cannot be opened', () => {
    expect(() => openLedger(join(folder, 'no', 'such.sqlite'), 'r')).toThrow(LedgerUnwritable);
  });
});

/** A refused trigger with a usual length of about 2 KB. */
const refused = (n: number): Decision => ({
  decision_id: `refused-${n}`,
  run: 'r',
  symbol: 'BTCUSDT',
  direction: 'LONG',
  outcome: 'REFUSED',
  timestamp: T0 + n,
  ts_init: T0 + n,
  confidence: 0.5,
  nobi_value: -0.5,
  entry_price: 100,
  reason: 'x'.repeat(1_500),
  model: 'none',
  origin: 'ENGINE',
});

describe('the writer lock', () => {
  it('excludes other writers, also a reset, and ends with a killed process', async () => {
    const other = await openElsewhere(path, 'r');
    expect(() => openLedger(path, 'r')).toThrow(LedgerInUse);
    expect(() => openLedger(path, 'r')).toThrow(/Another process writes the ledger .*a\.sqlite/);
    // Reading needs no lock.
    const reader = SqliteFile.readOnly(path);
    expect(reader.all('SELECT count(*) AS n FROM decisions')).toEqual([{ n: 0 }]);
    reader.close();
    const ended = once(other, 'exit');
    other.kill('SIGKILL');
    await ended;
    const ledger = openLedger(path, 'r');
    record(ledger, 's1');
    ledger.close();
  });

  it('is released with the ledger, and if the ledger cannot be used', () => {
    openLedger(path, 'r').close();
    expect(() => openLedger(path, 'another')).toThrow(LedgerUnusable);
    openLedger(path, 'r').close();
  });
});

it('the ledger keeps its maximum of refusals and every signal, and its file stops growing', () => {
  const ledger = openLedger(path, 'r', 1_000);
  const refuse = (from: number, to: number) => {
    for (let n = from; n <= to; n += 1) ledger.addRefusal(refused(n));
    ledger.checkpoint();
  };
  record(ledger, 'early');
  refuse(1, 3_000);
  const bytes = statSync(path).size;
  refuse(3_001, 7_500);
  const kept = ledger.recentRefusals(10_000).map(({ decision_id }) => decision_id);
  expect(kept).toEqual(Array.from({ length: 1_500 }, (_, i) => `refused-${7_500 - i}`));
  expect(ledger.hasSignal('early')).toBe(true);
  expect(statSync(path).size).toBeLessThanOrEqual(1.1 * bytes);
  ledger.close();
});

describe('a transaction', () => {
  it('F49 on a full disk keeps no part of itself, and the file continues', () => {
    const file = new SqliteFile(path);
    file.exec('CREATE TABLE t (doc TEXT)');
    file.exec('PRAGMA max_page_count = 8');
    const fill = () =>
      file.transaction(() => {
        for (let i = 0; i < 100; i += 1) file.run('INSERT INTO t VALUES (?)', 'x'.repeat(1_000));
      });
    expect(fill).toThrow(LedgerUnwritable);
    expect(fill).toThrow(/disk is full.*Free space/);
    expect(file.all('SELECT count(*) AS n FROM t')[0]?.['n']).toBe(0);
    file.exec('PRAGMA max_page_count = 1000');
    fill();
    expect(file.all('SELECT count(*) AS n FROM t')[0]?.['n']).toBe(100);
    file.close();
  });

  it('is all or nothing, and records an id once', () => {
    const ledger = openLedger(path, 'r');
    record(ledger, 's1');
    expect(() => record(ledger, 's1')).toThrow(/UNIQUE/);
    expect(ledger.recentDecisions(10)).toHaveLength(1);
    expect(ledger.state().positions).toHaveLength(1);
    ledger.close();
  });
});

it('rows of earlier versions get their signal_id', () => {
  const ledger = openLedger(path, 'r');
  record(ledger, 'old');
  const db = new DatabaseSync(path);
  db.exec("UPDATE decisions SET doc = json_remove(doc, '$.signal_id')");
  db.close();
  expect(ledger.recentDecisions(1)).toMatchObject([{ decision_id: 'old', signal_id: 'old' }]);
  ledger.close();
});

describe('days to export', () => {
  const day = (n: number) => ({ timestamp: T0 + n * 86_400_000, ts_init: T0 });

  it('are those after the last complete export and that of the newest decision; a resting order is not final', () => {
    const ledger = openLedger(path, 'r');
    expect([ledger.lastFinal(), ledger.daysToExport()]).toEqual([0, []]);
    record(ledger, 's1', day(0));
    record(ledger, 's2', day(1));
    expect([ledger.lastFinal(), ledger.daysToExport()]).toEqual([2, ['2023-11-14', '2023-11-15']]);
    ledger.noteExported(2);
    expect(ledger.daysToExport()).toEqual(['2023-11-15']);
    const resting = record(ledger, 's3', { ...day(2), quote: { bid: 99, ask: 101 } });
    record(ledger, 's4', day(0));
    expect(ledger.lastFinal()).toBe(2);
    expect(ledger.daysToExport()).toEqual(['2023-11-14', '2023-11-16']);
    const effects = resting.onTimer(T0 + 3 * 86_400_000);
    ledger.commit({ signal: undefined, effects, executions: resting.takeExecutions(), exposures: [] });
    expect(ledger.lastFinal()).toBe(4);
    ledger.close();
  });
});

describe('ledger files', () => {
  it('are named after the run, and those of a replay also after its session', () => {
    const place = {
      dataDir: folder,
      run: 'synthetic:generator/seed 1',
      session: '2026-11-03T10:00:00Z',
      isReplay: false,
    };
    expect(ledgerPath(place)).toBe(join(folder, 'ledger', 'synthetic-generator-seed-1.sqlite'));
    expect(ledgerPath({ ...place, isReplay: true })).toBe(
      join(folder, 'ledger', 'synthetic-generator-seed-1--2026-11-03t10-00-00z.sqlite'),
    );
  });

  it('have a cut but unique name for a long label', () => {
    const long = 'replay:'.padEnd(150, 'x');
    expect(slugOf(`${long}1`)).not.toBe(slugOf(`${long}2`));
    expect(slugOf(`${long}1`).length).toBeLessThan(100);
  });

  it('of replays are limited to the newest twenty, and others are never deleted', () => {
    mkdirSync(join(folder, 'ledger'));
    const at = (name: string) => join(folder, 'ledger', name);
    for (let i = 0; i < 25; i += 1) {
      for (const part of ['', '-wal']) writeFileSync(at(`run--${i}.sqlite${part}`), '');
      utimesSync(at(`run--${i}.sqlite`), i, i);
    }
    writeFileSync(at('generator.sqlite'), '');
    utimesSync(at('generator.sqlite'), 0, 0);
    // The current ledger is the oldest, and stays.
    removeOldReplays(folder, at('run--0.sqlite'));
    const left = readdirSync(join(folder, 'ledger'));
    expect(left.filter((name) => /--\d+\.sqlite$/.test(name))).toHaveLength(20);
    expect(left).toContain('run--0.sqlite');
    expect(left).toContain('run--24.sqlite');
    expect(left).toContain('generator.sqlite');
    expect(left).not.toContain('run--5.sqlite-wal');
  });
});
