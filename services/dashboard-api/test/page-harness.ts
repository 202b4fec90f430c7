import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Rankings, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type {
  FleetMode,
  FleetState,
  Heartbeat,
  OperatorCommand,
  ProcessName,
  ServiceName,
} from '@helios/shared/domain/fleet.ts';
import type { ManagedBus } from '@helios/shared/runtime/managed-bus.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { bareEnvironment } from '@helios/shared/testing/bare-environment.ts';
import { aMode } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { freePort } from '@helios/shared/testing/free-port.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { startTestRedis } from '@helios/shared/testing/test-redis.ts';
import type { Browser, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { PASSWORD } from './start-dashboard.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const WITHIN_MS = 40_000;
const STATES = { start: 'ACTIVE', stop: 'REDUCING', flatten: 'HALTED', halt: 'HALTED' } as const;

/** The real dashboard-api in its own process, with its own real Redis, and a browser with its page. */
export async function openPage(browser: Browser, mode: Partial<FleetMode> = {}, startedMsAgo = 0) {
  const redis = await startTestRedis();
  onTestFinished(() => redis.stop());

  async function connect<P extends ProcessName>(name: P): Promise<ManagedBus<P>> {
    const bus = await connectBus(name, { host: redis.host, port: redis.port, db: 0, log: silentLog });
    onTestFinished(() => bus.close());
    return bus;
  }
  const fleet = await connect('fleet');
  await fleet.write((batch) =>
    batch.setRecord(Records.fleetMode, aMode({ resolved_ts: Date.now() - startedMsAgo, ...mode })),
  );
  const ingestor = await connect('data-ingestor');
  await ingestor.write((batch) => batch.setRanking(Rankings.watchlist, { BTCUSDT: 1 }));
  const engine = await connect('signal-engine');
  const execution = await connect('execution-manager');
  const commands = await applyCommands(engine);
  const logger = await connect('decision-logger');
  await beat(engine, 'signal-engine');
  await beat(await connect('monitoring-agent'), 'monitoring-agent');

  const { url, service, stop } = await startProcess(redis.port);
  onTestFinished(stop);
  const context = await browser.newContext({ viewport: { width: 1400, height: 1000 } });
  onTestFinished(() => context.close());
  const faults: Error[] = [];
  onTestFinished(() => expect(faults).toEqual([]));
  async function newTab(): Promise<Page> {
    const tab = await context.newPage();
    tab.on('pageerror', (error) => void faults.push(error));
    return tab;
  }
  const page = await newTab();

  /** Waits until the only element of `selector` has the text `text`, or matches it. */
  async function shows(selector: string, text: string | RegExp): Promise<void> {
    const read = expect.poll(() => page.locator(selector).textContent({ timeout: WITHIN_MS }), { timeout: WITHIN_MS });
    await (typeof text === 'string' ? read.toBe(text) : read.toMatch(text));
  }
  async function enter(password: string): Promise<void> {
    await page.fill('#password', password);
    await page.click('#login-form button');
  }
  async function open(): Promise<void> {
    await page.goto(url);
    await enter(PASSWORD);
    await shows('#state', 'ACTIVE');
  }
  const buses = { ingestor, engine, execution, logger };
  return { redis, ...buses, commands, url, service, context, newTab, page, shows, enter, open };
}

/** One heartbeat that stays fresh for the whole test; `ts`: its time. */
export async function beat(
  bus: ManagedBus<ServiceName>,
  service: ServiceName,
  ts = Date.now(),
  more: Partial<Heartbeat> = {},
): Promise<void> {
  const figures = { loop_lag_ms: 1, malformed: 0, rss_mb: 80 };
  const heartbeat = { service, status: 'RUNNING', pid: 1, ts, started_ts: ts, ...figures, ...more } as const;
  await bus.write((batch) => batch.setRecord(Records.heartbeat, heartbeat, { service }));
}

/** A signal-engine that is ACTIVE and applies commands at once. */
export async function applyCommands(engine: ManagedBus<'signal-engine'>): Promise<OperatorCommand[]> {
  const commands: OperatorCommand[] = [];
  const put = (state: FleetState['state'], reason: string) =>
    engine.write((batch) =>
      batch.setRecord(Records.fleetState, {
        state,
        reason,
        changed_ts: Date.now(),
        applied_commands: commands.map(({ command_id }) => command_id),
      }),
    );
  await put('ACTIVE', 'first start');
  await engine.consume(Streams.operatorCommands, async (command) => {
    commands.push(command);
    await put(STATES[command.action], `${command.action} by ${command.issued_by}`);
  });
  return commands;
}

/** Starts the service and waits until it answers; resolves to its address. `stop` ends it and removes its folder. */
export async function startProcess(
  redisPort: number,
): Promise<{ url: string; service: ChildProcess; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'helios-page-'));
  const port = await freePort();
  const service = spawn(process.execPath, ['services/dashboard-api/src/main.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...bareEnvironment(),
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: String(redisPort),
      DASHBOARD_PORT: String(port),
      DASHBOARD_PASSWORD: PASSWORD,
      // High limits, so that nothing becomes stale on a slow machine.
      DASHBOARD_STALE_AFTER_SEC: '3600',
      ALERTS_HEARTBEAT_TIMEOUT_SEC: '600',
      SYSTEM_DATA_DIR: folder,
      SYSTEM_LOG_DIR: folder,
    },
  });
  let said = '';
  for (const stream of [service.stdout, service.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const stop = async () => {
    await end(service);
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  const answers = async () => {
    if (service.exitCode !== null) throw new Error(`dashboard-api ended:\n${said}`);
    return (await fetch(`${url}/healthz`).catch(() => undefined))?.ok;
  };
  await eventually('dashboard-api answers', answers, WITHIN_MS).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { url, service, stop };
}

async function end(service: ChildProcess): Promise<void> {
  if (service.exitCode !== null || service.signalCode !== null) return;
  const ended = once(service, 'exit');
  service.kill('SIGKILL');
  await ended;
}
