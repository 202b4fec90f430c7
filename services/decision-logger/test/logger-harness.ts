import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SimulationMode } from '@helios/core/execution/fees.ts';
import { Lists, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { Decision } from '@helios/shared/domain/decision.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { aSignal, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis, type FakeRedisWithBuses } from '@helios/shared/testing/fake-bus.ts';
import { type ServiceUnderTest, startOnFakeBus } from '@helios/shared/testing/start-on-fake-bus.ts';
import { afterEach, beforeEach, expect } from 'vitest';
import { decisionLogger } from '../src/service.ts';

/** The harness of one test: a folder, a Redis and, once started, the service. */
export const harness: {
  folder: string;
  fake: FakeRedisWithBuses;
  running: ServiceUnderTest<'decision-logger'> | undefined;
} = { folder: '', fake: createFakeRedis(), running: undefined };

/** Gives each test of a file its own folder and Redis, and stops the service afterwards. */
export function useLoggerHarness(): void {
  beforeEach(() => {
    harness.folder = mkdtempSync(join(tmpdir(), 'helios-logger-'));
    harness.fake = createFakeRedis();
  });
  afterEach(async () => {
    await harness.running?.stop();
    harness.running = undefined;
    rmSync(harness.folder, { recursive: true, force: true });
  });
}

/** Settings of a simulation with its files in the test’s folder. */
export function settingsOf(mode: SimulationMode, position_size: number, starting_balance = 10_000) {
  const system = { data_dir: harness.folder, log_dir: join(harness.folder, 'logs') };
  return defaultSettings({ simulation: { mode, position_size, starting_balance }, fees: { slippage_bp: 0 }, system });
}

/** Starts the service; it is stopped after the test. */
export async function start(mode: SimulationMode = 'HF_MARKET', position_size = 0.01, starting_balance?: number) {
  const settings = settingsOf(mode, position_size, starting_balance);
  const running = await startOnFakeBus(decisionLogger, { fake: harness.fake, settings });
  harness.running = running;
  return running;
}

export const engine = () => harness.fake.bus('signal-engine');
export const page = () => harness.fake.bus('dashboard-api');
export const ledgerFile = () => join(harness.folder, 'ledger', 'test-run.sqlite');

/** Appends signals to the stream and waits until they are processed. */
export async function send(...signals: TradingSignal[]): Promise<void> {
  await engine().write((batch) => {
    for (const signal of signals) batch.append(Streams.signals, signal);
  });
  await harness.fake.settle();
}

let made = 0;
/** A signal with its own id. */
export const next = (fields: Partial<TradingSignal>) => aSignal({ signal_id: `s${++made}`, ...fields });
/** The list of decisions, newest first. */
export const decisions = () => page().getList(Lists.decisionLogs, 600);
export const summary = async () => (await page().getRecord(Records.simulatedPnl)) ?? expect.fail('no summary');

/** A LONG that the volume gate refused. */
export const refusal: Decision = {
  decision_id: 'r1',
  run: 'test-run',
  symbol: 'BTCUSDT',
  direction: 'LONG',
  outcome: 'REFUSED',
  timestamp: T0,
  ts_init: T0,
  confidence: 0.5,
  nobi_value: -0.5,
  entry_price: 100,
  reason: 'volume too low',
  model: 'none',
  origin: 'ENGINE',
  refused_by: 'VOLUME',
};
