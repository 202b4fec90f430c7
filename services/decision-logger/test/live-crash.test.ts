import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { moneyOf, moneyText } from '@helios/core/matching/money.ts';
import { aFill, aFlow, answersTo } from '@helios/core/testing/live-answers.ts';
import { Lists, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { AccountFlow } from '@helios/shared/domain/account-flow.ts';
import type { ManagedBus } from '@helios/shared/runtime/managed-bus.ts';
import { aMode, aSignal, T0 } from '@helios/shared/testing/builders.ts';
import { startTestRedis, type TestRedis } from '@helios/shared/testing/test-redis.ts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { busOf, type LoggerProcess, readLedger, startLogger } from './logger-process.ts';

const TRIPS = 120;
const KILLS = 5;
const until = { timeout: 60_000, interval: 100 };

let folder: string;
let redis: TestRedis;
let execution: ManagedBus<'execution-manager'>;
let engine: ManagedBus<'signal-engine'>;
let page: ManagedBus<'dashboard-api'>;
let logger: LoggerProcess | undefined;
const ledger = () => join(folder, 'ledger', 'test-run.sqlite');

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'helios-live-crash-'));
  redis = await startTestRedis();
  execution = await busOf('execution-manager', redis);
  engine = await busOf('signal-engine', redis);
  page = await busOf('dashboard-api', redis);
  const fleet = await busOf('fleet', redis);
  const mode = aMode({ mode: 'live', network: 'testnet', source: undefined });
  await fleet.write((batch) => batch.setRecord(Records.fleetMode, mode));
  await fleet.close();
});
afterEach(async () => {
  await logger?.kill();
  logger = undefined;
  for (const bus of [execution, engine, page]) await bus.close();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ofRun = <T extends { readonly run: string }>(record: T): T => ({ ...record, run: 'test-run' });

/** A round trip in two parts; the venue rounds its income, so it differs from the fills in the last digit. */
function roundTrip(i: number) {
  const ts = T0 + i * 10_000;
  const entry = aSignal({ signal_id: `e${i}`, timestamp: ts, ts_init: ts, quote: { bid: 99, ask: 101 } });
  const exit = aSignal({ signal_id: `x${i}`, direction: 'EXIT_LONG', timestamp: ts, ts_init: ts, entry_price: 105 });
  const id = (n: number) => String(4 * i + n);
  const [toEntry, toExit] = [answersTo(entry), answersTo(exit)];
  const answers = [
    toEntry.part(aFill(id(0), 100.1, 0.1, 0.004004), ts + 10),
    toEntry.filled(aFill(id(1), 100.2, 0.2, 0.008016), ts + 20),
    toExit.part(aFill(id(2), 100 + (i % 7), 0.2, 0.008), ts + 5_000),
    toExit.filled(aFill(id(3), 100.3, 0.1, 0.004012), ts + 5_010),
  ].map(ofRun);
  const flow = (kind: string, amount: string, n: number, at: number) =>
    ofRun(aFlow(kind, amount, { flow_id: `${kind}-${i}-${n}`, trade_id: id(n), ts_event: ts + at }));
  const flows: AccountFlow[] = [
    flow('COMMISSION', '-0.00400401', 0, 10),
    flow('COMMISSION', '-0.00801600', 1, 20),
    ofRun(aFlow('FUNDING_FEE', '-0.00012345', { flow_id: `f${i}`, ts_event: ts + 1_000 })),
    flow('REALIZED_PNL', moneyText(moneyOf(String(0.2 * (i % 7))) + 1n), 2, 5_000),
    flow('COMMISSION', '-0.00800001', 2, 5_000),
    flow('REALIZED_PNL', '0.01333333', 3, 5_010),
    flow('COMMISSION', '-0.00401200', 3, 5_010),
  ];
  return { entry, exit, answers, flows };
}

/** Answers and flows in the ledger, which may have no tables yet. */
function countRecorded(): number {
  if (!existsSync(ledger())) return 0;
  const tables = readLedger(ledger(), "SELECT 1 FROM sqlite_master WHERE name = 'flows'");
  if (tables.length === 0) return 0;
  return Number(readLedger(ledger(), 'SELECT (SELECT count(*) FROM executions) + (SELECT count(*) FROM flows)')[0]);
}

/** Sends as execution-manager does, now and then twice. */
async function send(i: number): Promise<AccountFlow[]> {
  const { entry, exit, answers, flows } = roundTrip(i);
  await engine.write((batch) => {
    batch.append(Streams.signals, entry);
    batch.append(Streams.signals, exit);
  });
  for (const answer of answers) {
    await execution.write((batch) => {
      batch.append(Streams.executions, answer);
      if (i % 3 === 0) batch.append(Streams.executions, answer);
    });
  }
  await execution.write((batch) => {
    for (const flow of flows) batch.append(Streams.accountFlows, flow);
    if (i % 4 === 0) for (const flow of flows) batch.append(Streams.accountFlows, flow);
  });
  return flows;
}

it('kill -9 at any time loses and doubles nothing: the money of all trades is the income of the venue to the last digit', async () => {
  const positions = { positions: [], margin_level: 'OK' as const, simulated: false };
  const zero = { unrealized_pnl: 0, initial_margin: 0, maintenance_margin: 0 };
  const balance = { wallet_balance: 1_000, margin_balance: 1_000, available_balance: 1_000, updated_ts: Date.now() };
  const account = { run: 'test-run', ...positions, ...zero, ...balance };
  await execution.write((batch) => batch.setRecord(Records.account, account));
  logger = startLogger(redis, folder);
  const killedAt: number[] = [];
  const all: AccountFlow[] = [];
  for (let i = 0; i < TRIPS; i += 1) {
    all.push(...(await send(i)));
    if (i % (TRIPS / KILLS) !== TRIPS / KILLS - 1) continue;
    // In the midst of its work: some of what waits is recorded, some is not.
    const before = countRecorded();
    while (countRecorded() < before + 60) await pause(2);
    await logger.kill();
    killedAt.push(4 * (i + 1) + all.length - countRecorded());
    logger = startLogger(redis, folder);
  }
  expect(killedAt.filter((waiting) => waiting > 0).length).toBeGreaterThan(0);
  const income = all.reduce((sum, { amount }) => sum + moneyOf(amount), 0n);
  await vi.waitFor(() => {
    expect(readLedger(ledger(), 'SELECT count(*) FROM flows')).toEqual([all.length]);
    expect(readLedger(ledger(), 'SELECT count(*) FROM executions')).toEqual([4 * TRIPS]);
    expect(readLedger(ledger(), 'SELECT count(*) FROM trades')).toEqual([TRIPS]);
  }, until);
  const recorded = readLedger(ledger(), 'SELECT amount FROM flows') as string[];
  expect(recorded.reduce((sum, amount) => sum + moneyOf(amount), 0n)).toBe(income);
  const net = readLedger(ledger(), 'SELECT realized_pnl FROM trades') as number[];
  expect(net.reduce((sum, pnl) => sum + moneyOf(pnl.toFixed(8)), 0n)).toBe(income);
  expect(readLedger(ledger(), "SELECT count(*) FROM decisions WHERE outcome IN ('OPENED', 'CLOSED')")).toEqual([
    2 * TRIPS,
  ]);
  for (const table of ['open_signals', 'positions'])
    expect(readLedger(ledger(), `SELECT count(*) FROM ${table}`)).toEqual([0]);
  expect(readLedger(ledger(), 'SELECT count(*) FROM lots WHERE last_ts IS NULL')).toEqual([0]);
  await vi.waitFor(async () => {
    const summary = await page.getRecord(Records.performance);
    expect(summary).toMatchObject({ total_trades: TRIPS, signals: 2 * TRIPS });
    expect(moneyOf((summary?.total_pnl ?? 0).toFixed(8))).toBe(income);
    const trades = await page.getLatest(Streams.trades, 1_000);
    expect(new Set(trades.map(({ exit_signal_id }) => exit_signal_id)).size).toBe(TRIPS);
    expect(trades.reduce((sum, { realized_pnl }) => sum + moneyOf(realized_pnl.toFixed(8)), 0n)).toBe(income);
    expect(await page.count(Lists.decisionLogs)).toBe(2 * TRIPS);
  }, until);
}, 120_000);
