import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Channels, Maps, Rankings, Records, Streams, Values } from '@helios/shared/contracts/catalog.ts';
import { isFinal } from '@helios/shared/domain/execution.ts';
import type { Book } from '@helios/shared/domain/market-data.ts';
import { isExit } from '@helios/shared/domain/signal.ts';
import type { ManagedBus } from '@helios/shared/runtime/managed-bus.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { bareEnvironment } from '@helios/shared/testing/bare-environment.ts';
import { aMode } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { startTestRedis, type TestRedis } from '@helios/shared/testing/test-redis.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EVERY_BOOK_A_SIGNAL } from './harness/every-book-a-signal.ts';
import { readLedger } from './harness/ledger-reader.ts';

const SYMBOL = 'BTCUSDT';
const LIMIT_MS = 120_000;
const BOOK_EVERY_MS = 20;
/** A position is closed after a second, so entries follow each other. */
const SETTINGS = { ...EVERY_BOOK_A_SIGNAL, RISK_MAX_HOLD_SEC: '1', SIMULATION_MODE: 'HF_MARKET' };

type Traded = 'signal-engine' | 'decision-logger';

let folder: string;
let redis: TestRedis;
let fleet: ManagedBus<'fleet'>;
let ingestor: ManagedBus<'data-ingestor'>;
let engineView: ManagedBus<'signal-engine'>;
let riskView: ManagedBus<'risk-manager'>;
let loggerView: ManagedBus<'decision-logger'>;
let books: NodeJS.Timeout | undefined;
const children = new Map<Traded, ChildProcess>();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'helios-answers-'));
  redis = await startTestRedis();
  const place = { host: redis.host, port: redis.port, db: 0, log: silentLog };
  fleet = await connectBus('fleet', place);
  ingestor = await connectBus('data-ingestor', place);
  engineView = await connectBus('signal-engine', place);
  riskView = await connectBus('risk-manager', place);
  loggerView = await connectBus('decision-logger', place);
  await fleet.write((batch) => batch.setRecord(Records.fleetMode, aMode()));
  await ingestor.write((batch) => batch.setRanking(Rankings.watchlist, { [SYMBOL]: 1 }));
});
afterEach(async () => {
  clearInterval(books);
  for (const name of [...children.keys()]) await kill(name);
  for (const bus of [fleet, ingestor, engineView, riskView, loggerView]) await bus.close();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a service in its own process. */
function start(name: Traded): void {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, `../services/${name}/src/main.ts`)], {
    stdio: 'ignore',
    env: {
      ...bareEnvironment(),
      ...SETTINGS,
      HELIOS_SETTINGS_DIR: folder,
      REDIS_HOST: redis.host,
      REDIS_PORT: String(redis.port),
      SYSTEM_DATA_DIR: folder,
      SYSTEM_LOG_DIR: join(folder, 'logs'),
    },
  });
  const killWithUs = () => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  child.once('exit', () => process.off('exit', killWithUs));
  children.set(name, child);
}

/** `kill -9`. */
async function kill(name: Traded): Promise<void> {
  const child = children.get(name);
  children.delete(name);
  if (child === undefined || child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Books on which bids dominate, until the test ends. */
function playBooks(): void {
  let id = 0;
  books = setInterval(() => {
    const now = Date.now();
    id += 1;
    const book: Book = {
      type: 'book',
      symbol: SYMBOL,
      ts_event: now,
      ts_init: now,
      last_update_id: now * 100 + (id % 100),
      bids: [['100.0', '90']],
      asks: [['100.1', '10']],
    };
    ingestor
      .write((batch) => {
        batch.set(Values.orderbook, book, { symbol: SYMBOL });
        batch.publish(Channels.books, book, { symbol: SYMBOL });
      })
      .catch(() => {});
  }, BOOK_EVERY_MS);
}

/** Entries that are still in the stream, by id. */
async function sentEntries(): Promise<string[]> {
  const signals = await riskView.getLatest(Streams.signals, 10_000);
  return signals.flatMap(({ direction, signal_id }) => (isExit(direction) ? [] : signal_id));
}

const unanswered = async (): Promise<string[]> => Object.keys(await engineView.getMap(Maps.unansweredEntries));

/** Refusals by EXPOSURE of triggers after `afterMs`. */
async function refusedSince(afterMs: number): Promise<number> {
  const reports = await loggerView.getLatest(Streams.refusals, 10_000);
  return reports.filter(
    (one) => one.kind === 'REFUSED' && one.decision.refused_by === 'EXPOSURE' && one.decision.timestamp > afterMs,
  ).length;
}

/** Both services trade; then decision-logger is killed, and the engine sends an entry. Returns the entry's id. */
async function entryWithoutReader(): Promise<string> {
  start('decision-logger');
  start('signal-engine');
  await eventually('trading', async () => (await engineView.getRecord(Records.fleetState))?.state === 'ACTIVE', 30_000);
  await kill('decision-logger');
  playBooks();
  const [id] = await eventually('an entry', async () => ((await unanswered()).length > 0 ? unanswered() : undefined));
  await eventually('the entry in the stream', async () => (await sentEntries()).length === 1);
  return id ?? '';
}

const finalAnswersOf = (id: string): string[] =>
  readLedger(folder).executions.flatMap((one) => (one.signal_id === id && isFinal(one.answer) ? one.answer : []));

describe('an entry without an answer', { timeout: LIMIT_MS }, () => {
  it('blocks its symbol while decision-logger is away and over a kill -9 of signal-engine, and is answered in the end', async () => {
    const id = await entryWithoutReader();
    await eventually('a refusal', () => refusedSince(0));
    await kill('signal-engine');
    const killedMs = Date.now();
    start('signal-engine');
    await eventually('a refusal after the restart', () => refusedSince(killedMs), 30_000);
    expect(await sentEntries()).toEqual([id]);
    expect(await unanswered()).toEqual([id]);
    start('decision-logger');
    await eventually('the answer', async () => !(await unanswered()).includes(id), 30_000);
    expect(finalAnswersOf(id)).toEqual(['FILLED']);
  });

  it('is sent again if Redis lost it, and answered once', async () => {
    const id = await entryWithoutReader();
    await redis.call('DEL', Streams.signals.name);
    await eventually('the entry again', async () => (await sentEntries()).includes(id));
    start('decision-logger');
    await eventually('the answer', async () => !(await unanswered()).includes(id), 30_000);
    expect(finalAnswersOf(id)).toEqual(['FILLED']);
  });
});

it('repeated kill -9 of either: no entry beside an open one, and one final answer for each signal', {
  timeout: LIMIT_MS,
}, async () => {
  const recorded = () => {
    try {
      return readLedger(folder).decisions.length;
    } catch {
      return 0;
    }
  };
  start('decision-logger');
  start('signal-engine');
  playBooks();
  for (const [round, name] of (['signal-engine', 'decision-logger'] as const).flatMap((one) => [one, one]).entries()) {
    const before = recorded();
    await eventually('more signals', () => recorded() >= before + 2 + round, 40_000);
    await kill(name);
    start(name);
  }
  const before = recorded();
  await eventually('more signals', () => recorded() >= before + 2, 40_000);
  clearInterval(books);
  await eventually('all answers', async () => (await unanswered()).length === 0, 30_000);
  await kill('signal-engine');
  await eventually('all records', () => engineView.hasReadAll(Streams.signals, 'decision-logger'), 30_000);
  const { signals, decisions, executions } = readLedger(folder);
  expect(decisions.filter(({ outcome }) => outcome === 'REPLACED')).toEqual([]);
  const finals = executions.flatMap(({ signal_id, answer }) => (isFinal(answer) ? signal_id : []));
  expect(finals.toSorted()).toEqual(signals.map(({ signal_id }) => signal_id).toSorted());
  const shown = await engineView.getLatest(Streams.executions, 10_000);
  expect(shown.toReversed()).toEqual(executions);
});
