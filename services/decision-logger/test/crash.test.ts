import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Lists, Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import type { ManagedBus } from '@helios/shared/runtime/managed-bus.ts';
import { bareEnvironment } from '@helios/shared/testing/bare-environment.ts';
import { aMode, aSignal, T0 } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { startTestRedis, type TestRedis } from '@helios/shared/testing/test-redis.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { busOf, type LoggerProcess, readLedger, startLogger } from './logger-process.ts';

const LIMIT_MS = 120_000;
const until = { timeout: 60_000, interval: 100 };

let folder: string;
let redis: TestRedis;
let engine: ManagedBus<'signal-engine'>;
let page: ManagedBus<'dashboard-api'>;
let logger: LoggerProcess | undefined;
const ledger = () => join(folder, 'ledger', 'test-run.sqlite');

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'helios-crash-'));
  redis = await startTestRedis();
  engine = await busOf('signal-engine', redis);
  page = await busOf('dashboard-api', redis);
  await setMode();
});
afterEach(async () => {
  await logger?.kill();
  logger = undefined;
  await engine.close();
  await page.close();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function setMode(): Promise<void> {
  const fleet = await busOf('fleet', redis);
  await fleet.write((batch) => batch.setRecord(Records.fleetMode, aMode()));
  await fleet.close();
}

let made = 0;
/** Entries and exits in turn, so that every second signal makes a trade. */
function nextSignal(): TradingSignal {
  made += 1;
  const direction = made % 2 === 1 ? 'LONG' : 'EXIT_LONG';
  return aSignal({ signal_id: `c${made}`, direction, ts_init: Date.now(), entry_price: 100 + (made % 7) });
}

/** More signals than each start of decision-logger must record before it is killed, and few enough for a busy machine. */
const MAX_BACKLOG = 200;

function countRecorded(): number {
  // The file exists before its tables.
  const tables = existsSync(ledger())
    ? readLedger(ledger(), "SELECT 1 FROM sqlite_master WHERE name = 'decisions'")
    : [];
  return tables.length === 0 ? 0 : Number(readLedger(ledger(), 'SELECT count(*) FROM decisions')[0]);
}

/** Appends signals until stopped; returns the ids that Redis confirmed. Waits while too many are not recorded yet. */
async function append(stopped: () => boolean, atMost: number): Promise<string[]> {
  const sent: string[] = [];
  while (!stopped() && sent.length < atMost) {
    if (sent.length % 20 === 0 && sent.length - countRecorded() > MAX_BACKLOG) {
      await pause(20);
      continue;
    }
    const signal = nextSignal();
    for (;;) {
      try {
        await engine.write((batch) => batch.append(Streams.signals, signal));
        break;
      } catch (error) {
        if (!(error instanceof BusUnavailable)) throw error;
        await pause(20);
      }
    }
    sent.push(signal.signal_id);
    await pause(2);
  }
  return sent;
}

/** Checks that all agree: each of `ids` is once in the ledger and, within their limits, in list, summary and trades. */
async function expectOneTruth(ids: readonly string[]): Promise<void> {
  await vi.waitFor(() => expect(readLedger(ledger(), 'SELECT count(*) FROM decisions')[0]).toBe(ids.length), until);
  expect(readLedger(ledger(), 'SELECT decision_id FROM decisions ORDER BY n')).toEqual(ids);
  const trades = readLedger(ledger(), 'SELECT exit_signal_id FROM trades ORDER BY n');
  // Each signal was executed at once, so its final answer is its only one.
  const answers = readLedger(ledger(), 'SELECT execution_id FROM executions ORDER BY n');
  expect(answers).toEqual(ids.map((id) => `${id}#END`));
  const total = Number(readLedger(ledger(), 'SELECT coalesce(sum(realized_pnl), 0) FROM trades')[0]);
  await vi.waitFor(async () => {
    const summary = await page.getRecord(Records.simulatedPnl);
    expect(summary).toMatchObject({ signals: ids.length, total_trades: trades.length });
    expect(summary?.total_pnl).toBeCloseTo(total, 8);
    const list = await page.getList(Lists.decisionLogs, 600);
    expect(list.map(({ decision_id }) => decision_id)).toEqual(ids.toReversed().slice(0, 500));
    const stream = await page.getLatest(Streams.trades, 10_000);
    expect(stream.map(({ exit_signal_id }) => exit_signal_id)).toEqual(trades.toReversed());
    const executions = await page.getLatest(Streams.executions, 10_000);
    expect(executions.map(({ execution_id }) => execution_id)).toEqual(answers.toReversed());
    const held = readLedger(ledger(), 'SELECT count(*) FROM positions')[0];
    expect(Object.keys(await page.getMap(Maps.openPositions))).toHaveLength(Number(held));
  }, until);
}

/** Sends one command and returns the raw reply. */
function command(line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(redis.port, redis.host, () => socket.write(`${line}\r\n`));
    socket.on('error', reject);
    socket.on('data', (reply) => {
      socket.destroy();
      resolve(reply.toString());
    });
  });
}

/** Signals delivered to the logger but not acknowledged. */
async function pending(): Promise<number> {
  const [, count] = /^\*\d+\r\n:(\d+)/.exec(await command('XPENDING signals decision-logger')) ?? [];
  return Number(count);
}

async function untilRecorded(atLeast: number): Promise<void> {
  await vi.waitFor(() => {
    expect(existsSync(ledger())).toBe(true);
    expect(Number(readLedger(ledger(), 'SELECT count(*) FROM decisions')[0])).toBeGreaterThanOrEqual(atLeast);
  }, until);
}

describe('kill -9', () => {
  it(
    'in a loop, under load, records every signal exactly once',
    async () => {
      let done = false;
      const sending = append(() => done, 5_000);
      for (let kill = 0; kill < 8; kill += 1) {
        logger = startLogger(redis, folder);
        const before = existsSync(ledger()) ? Number(readLedger(ledger(), 'SELECT count(*) FROM decisions')[0]) : 0;
        await untilRecorded(before + 5 + 11 * kill);
        await logger.kill();
      }
      done = true;
      const ids = await sending;
      logger = startLogger(redis, folder);
      await expectOneTruth(ids);
      expect(ids.length).toBeGreaterThan(200);
    },
    LIMIT_MS,
  );

  it(
    'before the daily CSV was written loses no row of it on any day',
    async () => {
      const logs = join(folder, 'logs');
      const rowsOf = (day: string) => {
        const file = join(logs, `decisions-${day}.csv`);
        return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\r\n').length - 1 : 0;
      };
      const send = (timestamp: number) =>
        engine.write((batch) => batch.append(Streams.signals, { ...nextSignal(), timestamp }));
      logger = startLogger(redis, folder);
      await send(T0);
      await vi.waitFor(() => expect(rowsOf('2023-11-14')).toBe(1), until);
      // From now on no file can be written.
      renameSync(logs, join(folder, 'aside'));
      writeFileSync(logs, '');
      for (const day of [0, 0, 1, 2]) await send(T0 + day * 86_400_000);
      await untilRecorded(5);
      await logger.kill();
      rmSync(logs);
      renameSync(join(folder, 'aside'), logs);
      logger = startLogger(redis, folder);
      await vi.waitFor(() => {
        expect(['2023-11-14', '2023-11-15', '2023-11-16'].map(rowsOf)).toEqual([3, 1, 1]);
      }, until);
    },
    LIMIT_MS,
  );

  it(
    'between the commit and its following steps loses nothing',
    async () => {
      logger = startLogger(redis, folder);
      const ids: string[] = [];
      for (let proven = 0; proven < 3; ) {
        const first = nextSignal();
        await engine.write((batch) => batch.append(Streams.signals, first));
        await untilRecorded(ids.length + 1);
        await vi.waitFor(async () => expect(await pending()).toBe(0), until);
        // The ledger stays locked until the logger has received signals and Redis no longer answers.
        const lock = new DatabaseSync(ledger());
        lock.exec('BEGIN IMMEDIATE');
        const signals = [nextSignal(), nextSignal()];
        await engine.write((batch) => {
          for (const signal of signals) batch.append(Streams.signals, signal);
        });
        await eventually('signals in its hands', async () => (await pending()) > 0, until.timeout);
        // It may still ask Redis for a book before it comes to its ledger.
        await pause(100);
        redis.freeze();
        lock.exec('ROLLBACK');
        lock.close();
        // Frozen before decision-logger came to its ledger, or later than the second for which it waits there, Redis keeps the
        // signals from it: that round proves nothing and is repeated.
        const isRecorded = () => readIds().length > ids.length + 1;
        await eventually('recorded', isRecorded, 5_000).catch(() => {});
        await logger.kill();
        if (isRecorded()) {
          expect(readIds()).toHaveLength(ids.length + 2);
          proven += 1;
        }
        redis.thaw();
        logger = startLogger(redis, folder);
        ids.push(first.signal_id, ...signals.map(({ signal_id }) => signal_id));
        await expectOneTruth(ids);
      }
    },
    LIMIT_MS,
  );
});

it('a file that is no ledger stays unchanged, and decision-logger waits until it is moved away', {
  timeout: LIMIT_MS,
}, async () => {
  const letter = 'not a database '.repeat(500);
  mkdirSync(dirname(ledger()));
  writeFileSync(ledger(), letter);
  logger = startLogger(redis, folder);
  await vi.waitFor(
    async () => expect(await page.getRecord(Records.ledgerTrouble)).toMatchObject({ code: 'DAMAGED' }),
    until,
  );
  expect(logger.said()).toMatch(/"level":"ERROR".*cannot be used: it is damaged.*Move it aside/);
  expect(readFileSync(ledger(), 'utf8')).toBe(letter);
  renameSync(ledger(), join(folder, 'aside'));
  const ids = await append(() => false, 2);
  await expectOneTruth(ids);
  expect(await page.getRecord(Records.ledgerTrouble)).toBeUndefined();
});

it('a missing ledger is created again once the operator accepts that', {
  timeout: LIMIT_MS,
}, async () => {
  logger = startLogger(redis, folder);
  await expectOneTruth(await append(() => false, 4));
  expect(await logger.stop()).toBe(0);
  expect(await account('accept', '--yes')).toContain('the ledger of test-run is in order');
  rmSync(ledger());
  logger = startLogger(redis, folder);
  await vi.waitFor(
    async () => expect(await page.getRecord(Records.ledgerTrouble)).toMatchObject({ code: 'MISSING' }),
    until,
  );
  expect(await account('accept')).toContain('you must confirm');
  expect(await account('accept', 'public:mainnet', '--yes')).toContain('keeps the account test-run');
  expect(existsSync(ledger())).toBe(false);
  expect(await account('accept', '--yes')).toContain(
    'The ledger of test-run is accepted as it is. Trading stays HALTED',
  );
  await expectOneTruth(await append(() => false, 2));
});

/** Runs `npm run account -- …`; resolves to its output. */
async function account(...words: string[]): Promise<string> {
  const script = resolve(import.meta.dirname, '../../../packages/fleet/src/account.ts');
  const place = { REDIS_HOST: redis.host, REDIS_PORT: String(redis.port), SYSTEM_DATA_DIR: folder };
  const env = { ...bareEnvironment(), HELIOS_SETTINGS_DIR: folder, ...place };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, ...words], { env }).catch(
    (error) => error,
  );
  return `${stdout}${stderr}`;
}

describe('Redis', () => {
  it(
    'killed and back, under load, has the same ledger, list, summary and trades',
    async () => {
      logger = startLogger(redis, folder);
      let done = false;
      const sending = append(() => done, 2_000);
      for (let kill = 1; kill <= 3; kill += 1) {
        await untilRecorded(kill * 60);
        await redis.kill();
        await pause(200);
        await redis.restart();
      }
      await untilRecorded(260);
      done = true;
      await sending;
      // A signal that an outage cut off may be in the stream twice or not at all; all must agree.
      await vi.waitFor(async () => {
        const streamed = new Set((await signalIds()).concat(readIds()));
        expect(readIds()).toHaveLength(streamed.size);
      }, until);
      await expectOneTruth(readIds());
      expect(logger.said()).not.toContain('"level":"FATAL"');
    },
    LIMIT_MS,
  );

  it(
    'wiped while we run has everything again within seconds, and signals continue',
    async () => {
      logger = startLogger(redis, folder);
      const first = await append(() => false, 40);
      await expectOneTruth(first);
      await command('FLUSHALL');
      await setMode();
      await expectOneTruth(first);
      const second = await append(() => false, 10);
      await expectOneTruth([...first, ...second]);
      expect(await logger.stop()).toBe(0);
      logger = undefined;
    },
    LIMIT_MS,
  );

  it(
    'with overwritten keys of the projection gets them again, at the start and later',
    async () => {
      const typeOver = async () => {
        for (const key of [
          'trades',
          'executions',
          'ledger_image',
          'simulated_pnl_summary',
          'decision_logs',
          'open_positions',
        ])
          await command(`SET ${key} mine`);
      };
      logger = startLogger(redis, folder);
      const first = await append(() => false, 11);
      await expectOneTruth(first);
      expect(await logger.stop()).toBe(0);
      await typeOver();
      logger = startLogger(redis, folder);
      await expectOneTruth(first);
      await typeOver();
      const second = await append(() => false, 4);
      await expectOneTruth([...first, ...second]);
      expect(logger.said()).not.toContain('"level":"FATAL"');
    },
    LIMIT_MS,
  );
});

const readIds = () => readLedger(ledger(), 'SELECT decision_id FROM decisions ORDER BY n').map(String);

async function signalIds(): Promise<string[]> {
  const probe = await busOf('decision-logger', redis);
  const signals = await probe.getLatest(Streams.signals, 5_000);
  await probe.close();
  return signals.map(({ signal_id }) => signal_id);
}
