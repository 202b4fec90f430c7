import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bookWire } from '@helios/shared/contracts/book-wire.ts';
import { Records } from '@helios/shared/contracts/catalog.ts';
import { aBook } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { startTestRedis } from '@helios/shared/testing/test-redis.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';
import { afterAll, afterEach, describe, expect, it, test, vi } from 'vitest';
import { TestFleet } from './harness/fleet.ts';
import { recordedSignals } from './harness/ledger-reader.ts';
import { expectOneTruth } from './harness/one-truth.ts';
import { SignalLoad } from './harness/signal-load.ts';

/** Other bad input is tested next to its checks: settings, recordings, ledger, dashboard, supervisor. */
const LIMIT = { timeout: 120_000 };
const soon = { timeout: 20_000, interval: 100 };
const folder = mkdtempSync(join(tmpdir(), 'helios-bad-input-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Number of matches of `what`. */
const times = (said: string, what: RegExp) => [...said.matchAll(new RegExp(what, 'g'))].length;

describe('a start that cannot continue ends with exit code 1 and advice, and leaves nothing behind', () => {
  async function refused(env: Record<string, string>, args: string[] = [], dotenv = ''): Promise<TestFleet> {
    const fleet = await TestFleet.prepare();
    cleanups.push(() => fleet.remove());
    writeFileSync(join(fleet.folder, '.env'), dotenv);
    const code = await fleet.runToEnd({ env, args });
    expect(code, fleet.said).toBe(1);
    await eventually('no process of it is left', async () => fleet.leftovers().length === 0);
    expect(existsSync(join(fleet.dataDir, 'ledger'))).toBe(false);
    return fleet;
  }

  test('without a switch: each way out is named', async () => {
    const { said, dataDir } = await refused({ ALLOW_SYNTHETIC: '' });
    for (const wayOut of ['ALLOW_SYNTHETIC=true', 'ALLOW_PUBLIC_MODE=true', 'BINANCE_API_KEY'])
      expect(said).toContain(wayOut);
    expect(existsSync(dataDir)).toBe(false);
  });

  test('wrong settings: all faults at once', async () => {
    const { said, dataDir } = await refused({
      SIMULATION_POSITION_SIZE: '-1',
      SIGNALS_NOBI_TRESHOLD: '0.5',
      RISK_MAX_HOLD_SEC: 'long',
    });
    expect(said).toMatch(/3 faults[\s\S]*SIMULATION_POSITION_SIZE/);
    expect(said).toContain('The nearest is SIGNALS_NOBI_THRESHOLD');
    expect(said).toContain('Write a whole number from 1');
    expect(existsSync(dataDir)).toBe(false);
  });

  test('a wrong .env, which is in its own folder, not the operator’s in the project', async () => {
    const { said } = await refused({}, [], 'SIGNALS_NOBI_TRESHOLD=0.5\n');
    expect(said).toMatch(/1 fault in the settings:\s+\.env line 1: unknown setting SIGNALS_NOBI_TRESHOLD/);
  });

  test('a Redis with another password: the message names REDIS_PASSWORD, and shows no password', async () => {
    const redis = await startTestRedis({ password: 'the-right-one' });
    cleanups.push(() => redis.stop());
    const { said } = await refused({ REDIS_PORT: String(redis.port), REDIS_PASSWORD: 'the-wrong-one' });
    expect(said).toContain('Set REDIS_PASSWORD');
    expect(said).not.toContain('the-wrong-one');
  });

  test('a database with foreign keys: the message names REDIS_DB and REDIS_PORT, and no byte changes', async () => {
    const redis = await startTestRedis();
    cleanups.push(() => redis.stop());
    await redis.call('HSET', 'open_positions', 'theirs', '1');
    await redis.call('SET', 'somebody', 'else');
    const { said } = await refused({ REDIS_PORT: String(redis.port) });
    expect(said).toMatch(/2 keys that are not ours[\s\S]*REDIS_DB=1[\s\S]*REDIS_PORT=/);
    expect(await redis.call('DBSIZE')).toBe(2);
    expect(await redis.call('HGETALL', 'open_positions')).toEqual(['theirs', '1']);
  });

  test('a file that is no recording', async () => {
    const diary = join(folder, 'diary.txt');
    writeFileSync(diary, 'Dear diary,\ntoday I recorded nothing.\n');
    const { said } = await refused({}, ['--replay', diary, '--exit']);
    expect(said).toContain(`${diary}: is not a recording`);
  });

  test('a recording without a symbol is reported once, and ends a replay with --exit', async () => {
    const file = join(folder, 'nameless.dat');
    writeFileSync(file, '1700000000000000 {"result":null,"id":1}\n'.repeat(5));
    const { fleet, code } = await TestFleet.runToEnd({ args: ['--replay', file, '--speed', 'max', '--exit'] });
    cleanups.push(() => fleet.remove());
    expect(code, fleet.said).toBe(1);
    // The alert quotes the line, if there was time for an alert.
    expect(times(fleet.said, /FATAL data-ingestor: .* no symbol is named in it/)).toBe(1);
    // A service that hung in its exit was killed a moment ago.
    await eventually('no process of it is left', async () => fleet.leftovers().length === 0);
  });
});

describe('a running fleet', () => {
  /** A fleet, the page's bus, and a load of signals to record. */
  async function running(env: Record<string, string> = {}) {
    const fleet = await TestFleet.start({ env });
    cleanups.push(() => fleet.remove());
    const engine = await fleet.connect('signal-engine');
    const page = await fleet.connect('dashboard-api');
    for (const bus of [engine, page]) cleanups.push(() => bus.close());
    const run = (await page.getRecord(Records.fleetMode))?.run ?? '';
    const load = new SignalLoad({ name: 'load', bus: engine, run, everyMs: 25, rng: new Rng('bad input') });
    return { fleet, page, load };
  }

  it('drops malformed messages published by hand; each reader logs each once', LIMIT, async () => {
    const { fleet, page, load } = await running();
    await heard(fleet, 'trading_signals', 1);
    await heard(fleet, 'books:BTCUSDT', 1);
    await heard(fleet, 'market_trades:BTCUSDT', 1);
    await heard(fleet, 'book_samples:BTCUSDT', 2);
    await load.burst(50);
    const book = aBook({ ts_event: Date.now(), ts_init: Date.now() });
    const malformed = {
      trading_signals: [
        'LONG BTCUSDT',
        '{"symbol":"BTCUSDT"}',
        '{"symbol":"BTCUSDT","direction":"UP","entry_price":1}',
      ],
      // The last one is a valid book in the form of an earlier version.
      'books:BTCUSDT': ['', '[]', '{"type":"book"}', JSON.stringify({ ...book, bids: '100' }), JSON.stringify(book)],
      'book_samples:BTCUSDT': ['[]'],
      'market_trades:BTCUSDT': ['null', 'x'.repeat(1_000_000)],
    };
    for (const [channel, messages] of Object.entries(malformed))
      for (const message of messages) await fleet.redis('PUBLISH', channel, message);
    for (const stream of ['signals', 'refusals', 'operator_commands']) {
      await fleet.redis('XADD', stream, '*', 'message', '{"half":');
      await fleet.redis('XADD', stream, '*', 'text', 'no message');
    }
    // A crossed book has a valid form, but causes no trade.
    const crossed = aBook({ ts_event: Date.now(), bids: [['101', '1']], asks: [['100', '1']] });
    await fleet.redis('PUBLISH', 'books:BTCUSDT', bookWire.encode(crossed));
    await fleet.redis('PUBLISH', 'trading_signals', '{"symbol":"BTCUSDT","direction":"LONG","entry_price":"100"}');

    await eventually('what is well-formed is recorded', () => recordedSignals(fleet.dataDir) === 51, 60_000);
    const expected = [
      ['decision-logger', 'trading_signals'],
      ['decision-logger', 'signals'],
      ['decision-logger', 'refusals'],
      ['signal-engine', 'operator_commands'],
      ['signal-engine', 'books:BTCUSDT'],
      ['signal-engine', 'market_trades:BTCUSDT'],
      ['monitoring-agent', 'book_samples:BTCUSDT'],
      ['dashboard-api', 'book_samples:BTCUSDT'],
    ].map(([service, name]) => `WARN +${service}: malformed message dropped +\\(name=${name} problem=`);
    const told = () => expected.map((warning) => [warning, times(fleet.said, new RegExp(warning))]);
    const once = expected.map((warning) => [warning, 1]);
    // Each service logs it at its own time.
    await vi.waitFor(() => expect(told(), fleet.said).toEqual(once), soon);
    await vi.waitFor(() => expectOneTruth(fleet.dataDir, page), soon);
    const nothingPending = async () =>
      expect(await fleet.redis('XPENDING', 'signals', 'decision-logger')).toMatch(/^\*4\r\n:0/);
    await vi.waitFor(nothingPending, soon);
    expect(told(), fleet.said).toEqual(once);
    expect(fleet.said).not.toMatch(/CRASHED|FATAL/);
  });

  it('rewrites its list after somebody overwrote it', LIMIT, async () => {
    const { fleet, page, load } = await running();
    await load.burst(20);
    await eventually('recorded', () => recordedSignals(fleet.dataDir) === 20, 60_000);
    await fleet.redis('SET', 'decision_logs', 'mine now');
    await fleet.redis('SET', 'open_positions', 'mine too');
    await load.burst(20);
    await eventually('recorded', () => recordedSignals(fleet.dataDir) === 40, 60_000);
    await vi.waitFor(() => expectOneTruth(fleet.dataDir, page), soon);
    expect(fleet.said).not.toMatch(/CRASHED|FATAL/);
  });

  it('continues without a log while its disk is full, and reports it once', LIMIT, async ({ skip }) => {
    const smallDisk = mountSmallDisk();
    if (smallDisk === undefined) return skip('this user cannot mount a small disk to fill');
    const { fleet, load } = await running({ SYSTEM_LOG_DIR: smallDisk });
    const told = () => times(fleet.said, /Cannot write the log .*helios\.log \(ENOSPC.*\n.*Free disk space/);
    const recovered = () => times(fleet.said, /is writable again; \d+ lines were lost/);
    const filler = join(smallDisk, 'filler');
    fillUp(filler);
    load.start();
    await eventually('the full disk is told', () => told() > 0, 60_000);
    await eventually('the CSV’s want is told', () => fleet.said.includes('the daily CSV cannot be written'), 60_000);
    // A page freed by another file may end the outage for a moment; then the next one is logged as well.
    expect(told() - recovered()).toBeLessThanOrEqual(1);
    const whenFull = recordedSignals(fleet.dataDir);
    await eventually('signals are recorded', () => recordedSignals(fleet.dataDir) > whenFull + 20, 60_000);

    rmSync(filler);
    await eventually('writing goes on', () => recovered() === told(), 60_000);
    await load.stop();
    const csv = join(smallDisk, `decisions-${new Date().toISOString().slice(0, 10)}.csv`);
    const rows = () => (existsSync(csv) ? readFileSync(csv, 'utf8').trimEnd().split('\r\n').length - 1 : 0);
    await eventually('the CSV is whole', () => rows() === load.sent().length, 60_000);
    expect(recordedSignals(fleet.dataDir)).toBe(load.sent().length);
    expect(fleet.said).not.toMatch(/CRASHED|FATAL/);
  });
});

/** Waits until this number of services has subscribed to a channel. */
async function heard(fleet: TestFleet, channel: string, readers: number): Promise<void> {
  const subscribed = async () => Number(/\r\n:(\d+)/.exec(await fleet.redis('PUBSUB', 'NUMSUB', channel))?.[1]);
  await eventually(`${readers} services hear ${channel}`, async () => (await subscribed()) >= readers, 60_000);
}

/** A disk of two megabytes, removed after the test; undefined if this user, or this system, cannot make one. */
function mountSmallDisk(): string | undefined {
  const disk = mkdtempSync(join(tmpdir(), 'helios-small-disk-'));
  cleanups.push(async () => rmSync(disk, { recursive: true, force: true }));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk], { stdio: 'pipe' });
  } catch {
    return undefined;
  }
  cleanups.push(async () => execFileSync('umount', ['--lazy', disk]));
  return disk;
}

/** Writes until the disk is full. */
function fillUp(file: string): void {
  for (;;) {
    try {
      writeFileSync(file, Buffer.alloc(4_096), { flag: 'a' });
    } catch {
      return;
    }
  }
}
