import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Channels, Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { PositionUpdate } from '@helios/shared/domain/position.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { describe, expect, it, test } from 'vitest';
import { openLedger } from '../src/ledger/open-ledger.ts';
import { decisions, engine, harness, ledgerFile, next, page, send, start, useLoggerHarness } from './logger-harness.ts';
import { openElsewhere, readLedger } from './logger-process.ts';

useLoggerHarness();

const recorded = () => readLedger(ledgerFile(), 'SELECT decision_id FROM decisions ORDER BY n');
const trouble = () => page().getRecord(Records.ledgerTrouble);
const known = async () => (await harness.fake.bus('fleet').getMap(Maps.knownLedgers))['test-run'];
const errors = () => harness.running?.lines.filter(({ level }) => level === 'error') ?? [];
const backup = () => join(harness.folder, 'backup');
const other = () => join(harness.folder, 'other.sqlite');

/** Records entries and exits in turn; resolves to their ids. */
async function record(count: number): Promise<string[]> {
  const signals = Array.from({ length: count }, (_, n) => next({ direction: n % 2 === 0 ? 'LONG' : 'EXIT_LONG' }));
  await send(...signals);
  return signals.map(({ signal_id }) => signal_id);
}

const remembered = (atLeast: number) =>
  eventually('redis remembers the ledger', async () => ((await known())?.decisions ?? 0) >= atLeast);

async function stop(): Promise<void> {
  await harness.running?.stop();
  harness.running = undefined;
}

/** Starts a service that must wait; resolves to its ledger trouble. */
async function startWaiting(): Promise<{ readonly code: string; readonly message: string; readonly action: string }> {
  void start();
  return eventually('the trouble', trouble);
}

const PUT_BACK =
  'the ledger was deleted or replaced while in use. It was written back completely from the open file. Find out which program did it';

describe('a ledger whose file is lost while in use', () => {
  it('is written back completely, whatever happened to it, and continues', { timeout: 60_000 }, async () => {
    await start();
    copyFileSync(ledgerFile(), backup());
    const attacks = [
      () => rmSync(ledgerFile()),
      () => ['', '-wal', '-shm'].map((part) => rmSync(ledgerFile() + part)),
      () => rmSync(`${ledgerFile()}-wal`),
      // The service may write a file into the folder meanwhile.
      () => rmSync(dirname(ledgerFile()), { recursive: true, maxRetries: 20, retryDelay: 5 }),
      () => renameSync(ledgerFile(), `${backup()}2`),
      () => renameSync(backup(), ledgerFile()),
    ];
    const ids: string[] = [];
    for (const [done, attack] of attacks.entries()) {
      ids.push(...(await record(3)));
      attack();
      await eventually(`the error after attack ${done}`, () => errors().length > done);
      ids.push(...(await record(2)));
      expect(recorded()).toEqual(ids);
    }
    expect(errors().map(({ message }) => message)).toEqual(attacks.map(() => PUT_BACK));
    expect(await trouble()).toBeUndefined();
    expect(harness.running?.faults).toEqual([]);
    await stop();
    expect(recorded()).toEqual(ids);
    expect(await known()).toMatchObject({ decisions: 30, last_decision_id: ids.at(-1) });
  });

  it('keeps the file that replaced it under another name', async () => {
    await start();
    await record(2);
    writeFileSync(other(), 'a letter');
    renameSync(other(), ledgerFile());
    await eventually('the error', () => errors().length > 0);
    const [aside = ''] = (errors()[0]?.fields['moved_aside'] ?? []) as string[];
    expect(aside).toMatch(/test-run\.found-\d{8}T\d{9}Z\.sqlite$/);
    expect(readFileSync(aside, 'utf8')).toBe('a letter');
  });

  it('is also written back by a stop that comes before the check', async () => {
    await start();
    const ids = await record(3);
    rmSync(dirname(ledgerFile()), { recursive: true, maxRetries: 20, retryDelay: 5 });
    await stop();
    expect(recorded()).toEqual(ids);
  });

  it('halts trading while it cannot be written back, and is written back once it can', async () => {
    await start();
    const ids = await record(3);
    rmSync(dirname(ledgerFile()), { recursive: true, maxRetries: 20, retryDelay: 5 });
    writeFileSync(dirname(ledgerFile()), 'in the way');
    const found = await eventually('the trouble', trouble);
    expect(found).toMatchObject({ run: 'test-run', code: 'MISSING', action: expect.stringContaining('Do not stop') });
    rmSync(dirname(ledgerFile()));
    await eventually('no trouble', async () => (await trouble()) === undefined);
    expect(recorded()).toEqual(ids);
  });

  it.each([
    ['overwritten by an older copy', () => copyFileSync(backup(), ledgerFile())],
    ['cut off', () => truncateSync(ledgerFile(), 8_192)],
  ])('ends the process, with the cause in Redis, if its content is %s', async (_, attack) => {
    await start();
    copyFileSync(ledgerFile(), backup());
    await record(6);
    // From now on the file contains it, not only its log.
    await remembered(6);
    attack();
    await eventually('the fault', () => (harness.running?.faults.length ?? 0) > 0);
    expect(await trouble()).toMatchObject({
      code: 'OVERWRITTEN',
      message: expect.stringContaining('overwritten while'),
    });
    expect(errors()).toHaveLength(1);
  });
});

describe('a start without the ledger that Redis has on record', () => {
  const begin = async () => {
    await start();
    await record(2);
    cpSync(ledgerFile(), backup());
    const ids = await record(4);
    await stop();
    return ids;
  };

  it.each([
    ['deleted', 'MISSING', () => rmSync(ledgerFile())],
    ['deleted with its folder', 'MISSING', () => rmSync(dirname(ledgerFile()), { recursive: true })],
    ['emptied', 'MISSING', () => truncateSync(ledgerFile())],
    ['replaced by a new one', 'REPLACED', () => renameSync(other(), ledgerFile())],
    ['replaced by an older copy', 'OLDER', () => renameSync(backup(), ledgerFile())],
    ['replaced by another run’s', 'DAMAGED', () => renameSync(`${other()}2`, ledgerFile())],
    ['cut off', 'DAMAGED', () => truncateSync(ledgerFile(), 20_000)],
  ])('waits, reports it and leaves Redis unchanged if the ledger was %s', async (_, code, attack) => {
    openLedger(other(), 'test-run').close();
    openLedger(`${other()}2`, 'other-run').close();
    await begin();
    copyFileSync(ledgerFile(), `${backup()}2`);
    const [list, remembers] = [await decisions(), await known()];
    attack();
    const found = await startWaiting();
    expect(found).toMatchObject({ code, action: expect.stringContaining('npm run account -- accept test-run') });
    if (code !== 'DAMAGED') expect(found.message).toContain('Redis has a record of 6 decisions and 3 trades');
    expect([await decisions(), await known()]).toEqual([list, remembers]);
    // The restored file is opened without a restart, and the waiting signals are recorded.
    const late = next({});
    await engine().write((batch) => batch.append(Streams.signals, late));
    mkdirSync(dirname(ledgerFile()), { recursive: true });
    renameSync(`${backup()}2`, ledgerFile());
    await eventually('the signal', async () => (await decisions())[0]?.decision_id === late.signal_id);
    expect(await trouble()).toBeUndefined();
    expect(recorded()).toHaveLength(7);
  });

  it('creates a new ledger if that is accepted, and publishes that nothing is open any more', async () => {
    await start();
    await send(next({ symbol: 'ETHUSDT' }));
    await stop();
    rmSync(ledgerFile());
    await startWaiting();
    expect(Object.keys(await page().getMap(Maps.openPositions))).toEqual(['ETHUSDT:LONG']);
    const updates: PositionUpdate[] = [];
    await engine().subscribe(Channels.positionUpdates, (update) => void updates.push(update));
    await harness.fake.bus('fleet').write((batch) => batch.deleteField(Maps.knownLedgers, 'test-run'));
    await eventually('the end of the trouble', async () => (await trouble()) === undefined);
    await eventually('the news', () => updates.length > 0);
    expect(updates).toMatchObject([{ symbol: 'ETHUSDT', positions: [], orders: [] }]);
    expect(await page().getMap(Maps.openPositions)).toEqual({});
    expect(recorded()).toEqual([]);
  });

  it('applies no left-over log to the file that is put back', async () => {
    await begin();
    copyFileSync(ledgerFile(), `${backup()}2`);
    rmSync(ledgerFile());
    writeFileSync(`${ledgerFile()}-wal`, 'the log of a killed process');
    await startWaiting();
    expect(existsSync(`${ledgerFile()}-wal`)).toBe(false);
    expect(readdirSync(dirname(ledgerFile())).filter((name) => name.includes('orphan'))).toHaveLength(1);
  });

  it('waits while another decision-logger writes the ledger, records nothing, and continues when that has ended', async () => {
    mkdirSync(dirname(ledgerFile()), { recursive: true });
    const writer = await openElsewhere(ledgerFile(), 'test-run');
    expect(await startWaiting()).toMatchObject({
      code: 'UNWRITABLE',
      message: expect.stringContaining('Another process writes the ledger'),
      action: expect.stringContaining('one data folder belongs to one fleet'),
    });
    const waiting = next({});
    await engine().write((batch) => batch.append(Streams.signals, waiting));
    expect(recorded()).toEqual([]);
    writer.kill('SIGKILL');
    await eventually('the signal', async () => (await decisions())[0]?.decision_id === waiting.signal_id);
    expect(await trouble()).toBeUndefined();
  });

  it('waits while the folder cannot be created, and continues once it can', async () => {
    writeFileSync(dirname(ledgerFile()), 'in the way');
    expect(await startWaiting()).toMatchObject({ code: 'UNWRITABLE', message: expect.stringContaining('EEXIST') });
    rmSync(dirname(ledgerFile()));
    await eventually('the ledger', () => existsSync(ledgerFile()));
    await eventually('the end of the trouble', async () => (await trouble()) === undefined);
  });
});

describe('there is no alarm', () => {
  test('after a reset while the fleet was down, which Redis does not know', async () => {
    await start();
    await record(4);
    await stop();
    for (const stamp of ['1', '2']) {
      const ledger = openLedger(ledgerFile(), 'test-run');
      ledger.startOver(stamp);
      ledger.close();
    }
    await start();
    expect(await trouble()).toBeUndefined();
    expect(await known()).toMatchObject({ decisions: 0, trades: 0 });
  });

  test('for a ledger of an earlier version, which has no identity, and for one that Redis does not know', async () => {
    await start();
    const ids = await record(3);
    await stop();
    const db = new DatabaseSync(ledgerFile());
    db.exec("DELETE FROM meta WHERE name IN ('ledger_id', 'former_ids')");
    db.close();
    harness.fake.hashes.clear();
    await start();
    expect(await trouble()).toBeUndefined();
    expect(recorded()).toEqual(ids);
    await remembered(3);
  });

  test('if Redis loses its record while we run: the record is written again', async () => {
    await start();
    await record(2);
    await remembered(2);
    harness.fake.hashes.delete('known_ledgers');
    await remembered(2);
    expect(harness.running?.faults).toEqual([]);
  });
});
