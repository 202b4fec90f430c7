import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { ProcessName } from '@helios/shared/domain/fleet.ts';
import type { ManagedBus } from '@helios/shared/runtime/managed-bus.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { bareEnvironment } from '@helios/shared/testing/bare-environment.ts';
import { aMode } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { startTestRedis, type TestRedis } from '@helios/shared/testing/test-redis.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ACCOUNT, entry, termsOf } from './risk-harness.ts';

const MAIN = resolve(import.meta.dirname, '../src/main.ts');
const SYMBOLS = Array.from({ length: 60 }, (_, i) => `C${i}USDT`);
const KILLS = 4;

let folder: string;
let redis: TestRedis;
let child: ChildProcess | undefined;
let engine: ManagedBus<'signal-engine'>;
let execution: ManagedBus<'execution-manager'>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'helios-risk-'));
  redis = await startTestRedis();
  engine = await busOf('signal-engine');
  execution = await busOf('execution-manager');
});
afterEach(async () => {
  await kill();
  await engine.close();
  await execution.close();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

function busOf<P extends ProcessName>(name: P) {
  return connectBus(name, { host: redis.host, port: redis.port, db: 0, log: silentLog });
}

function launch(): void {
  const env = {
    ...bareEnvironment(),
    HELIOS_SETTINGS_DIR: folder,
    REDIS_HOST: redis.host,
    REDIS_PORT: String(redis.port),
    REDIS_DB: '0',
    REDIS_PASSWORD: '',
    SYSTEM_LOG_DIR: join(folder, 'logs'),
    KELLY_FRACTION: '0.1',
    TRADING_MAX_OPEN_POSITIONS: '30',
    RISK_MAX_TOTAL_EXPOSURE_PCT: '10000',
    RISK_MAX_CLUSTER_EXPOSURE_PCT: '10000',
    SIGNALS_SIGNAL_MAX_AGE_MS: '600000',
  };
  child = spawn(process.execPath, [MAIN], { stdio: 'ignore', env });
}

async function kill(): Promise<void> {
  if (child === undefined) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  child = undefined;
}

async function prepare(): Promise<void> {
  const fleet = await busOf('fleet');
  await fleet.write((batch) => batch.setRecord(Records.fleetMode, aMode({ mode: 'live', network: 'testnet' })));
  await fleet.close();
  const ingestor = await busOf('data-ingestor');
  await ingestor.write((batch) => {
    for (const symbol of SYMBOLS)
      batch.setField(Maps.instruments, symbol, { symbol, tick_size: '0.1', step_size: '0.001', min_notional: '5' });
  });
  await ingestor.close();
  await execution.write((batch) => {
    for (const symbol of SYMBOLS) batch.setField(Maps.symbolTerms, symbol, termsOf(symbol));
  });
}

test('killed again and again, it gives each entry one answer, and the same one if it gives it twice', async () => {
  await prepare();
  const refresh = setInterval(() => {
    const account = { ...ACCOUNT, updated_ts: Date.now() };
    void execution.write((batch) => batch.setRecord(Records.account, account)).catch(() => {});
  }, 200);
  try {
    const sent = SYMBOLS.map((symbol) => entry({ symbol, ts_init: Date.now(), timestamp: Date.now() }));
    const answered = async () => {
      const intents = (await execution.getLatest(Streams.orderIntents, 1_000)).map(({ intent }) => intent.signal_id);
      const denied = (await engine.getLatest(Streams.executions, 1_000)).map(({ signal_id }) => signal_id);
      return { intents, denied, all: new Set([...intents, ...denied]) };
    };
    for (let round = 0; round <= KILLS; round += 1) {
      const from = round * 12;
      launch();
      await engine.write((batch) => {
        for (const signal of sent.slice(from, from + 12)) batch.append(Streams.signals, signal);
      });
      // Somewhere in the middle of the round; the last round is finished.
      const wanted = round === KILLS ? sent.length : from + 1 + 3 * round;
      await eventually(`${wanted} answers`, async () => (await answered()).all.size >= wanted, 60_000);
      await kill();
    }
    const { intents, denied, all } = await answered();
    expect([...all].sort()).toEqual(sent.map(({ signal_id }) => signal_id).sort());
    expect(denied.filter((id) => intents.includes(id))).toEqual([]);
    expect(new Set(intents).size).toBe(30);
    const entries = await execution.getLatest(Streams.orderIntents, 1_000);
    for (const { intent } of entries)
      expect(entries.filter((other) => other.intent.signal_id === intent.signal_id)).toSatisfy(areEqual);
  } finally {
    clearInterval(refresh);
  }
}, 120_000);

const areEqual = (entries: readonly unknown[]): boolean =>
  new Set(entries.map((entry) => JSON.stringify(entry))).size === 1;
