import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Records } from '../contracts/catalog.ts';
import type { FleetMode, ServiceName } from '../domain/fleet.ts';
import { secretsKeptFrom } from '../domain/settings/secret-holders.ts';
import type { Setting } from '../domain/settings/setting.ts';
import { SETTINGS, type SectionName, type Settings } from '../domain/settings.ts';
import { awaitMode, isReplaced, readBootId } from './await-mode.ts';
import { FOR_OTHERS } from './cli/run-command.ts';
import { type Clock, createFrameClock, wallClock } from './clock.ts';
import { loadSettings } from './config/load-settings.ts';
import { BusUnavailable } from './errors.ts';
import { createLifetime, type Lifetime } from './lifetime.ts';
import { createLogger, type ServiceLogger } from './logger.ts';
import type { ManagedBus } from './managed-bus.ts';
import { redisAddressOf } from './redis/settings-address.ts';
import { connectBus } from './redis-bus.ts';
import type { ServiceDefinition } from './service.ts';
import { type RunningService, startService } from './start-service.ts';

const PROJECT = resolve(import.meta.dirname, '../../../..');
const SESSION_CHECK_MS = 2_000;
/** Time between two tries of a start that Redis refused. Redis may take no writes for hours. */
const RETRY_START_MS = 1_000;

/**
 * Runs one service as this process: settings, log, Redis, the fleet's mode, heartbeats, orderly stop. Ends the process
 * with exit code 0 after SIGTERM, SIGINT or the end of its supervisor, with 78 after a fault in its settings or files, with 1
 * after any other fault or a stop that took longer than five seconds.
 * `root` is the folder of `.env` and `config/config.ini`. Environment besides the settings: HELIOS_SETTINGS_DIR (another
 * folder than `root`), HELIOS_SESSION (session of the fleet to wait for), HELIOS_MODE_DIGEST (digest of the mode to wait for),
 * HELIOS_HEALTH_FILE (written with each heartbeat).
 */
export async function runService<P extends ServiceName, S extends SectionName>(
  definition: ServiceDefinition<P, S>,
  root = PROJECT,
): Promise<void> {
  process.umask(FOR_OTHERS);
  const log = createLogger({ service: definition.name });
  const lifetime = createLifetime(log);
  try {
    const settings = readSettings(definition.name, root, log);
    const { bus, mode, running } = await startWithRetries(definition, settings, log, lifetime);
    lifetime.started(running);
    log.info({ status: running.status, mode: mode.mode, run: mode.run, pid: process.pid }, 'service started');
    watchSession(bus, mode, log, lifetime);
  } catch (error) {
    if (!lifetime.stopping.aborted) lifetime.fault(error);
  }
}

interface Started<P extends ServiceName> {
  readonly bus: ManagedBus<P>;
  readonly mode: FleetMode;
  readonly running: RunningService;
}

/** Starts the service. If Redis goes away during the start, undoes it and starts again when Redis is back. */
async function startWithRetries<P extends ServiceName, S extends SectionName>(
  definition: ServiceDefinition<P, S>,
  settings: Settings,
  log: ServiceLogger,
  lifetime: Lifetime,
): Promise<Started<P>> {
  let logged: string | undefined;
  for (;;) {
    const bus = await connectTo(definition.name, settings, log, lifetime);
    lifetime.closeWith(bus);
    const { HELIOS_SESSION: session, HELIOS_MODE_DIGEST: digest } = process.env;
    const mode = await awaitMode(bus, { session, digest, bootId: await readBootId() }, log, lifetime.stopping);
    const dependencies = { bus, clock: clockFor(mode), settings, mode, log, onFault: lifetime.fault, ...healthFile() };
    try {
      return { bus, mode, running: await startService(definition, dependencies) };
    } catch (error) {
      if (!(error instanceof BusUnavailable) || lifetime.stopping.aborted) throw error;
      const isNew = logged !== error.code;
      logged = error.code;
      if (isNew) log.warn({ code: error.code, problem: error.message }, 'redis failed the start, retrying');
      await bus.close();
      await pause(RETRY_START_MS, undefined, { signal: lifetime.stopping });
    }
  }
}

/** The frames' time in a replay, else the wall clock. */
function clockFor(mode: FleetMode): Clock {
  return mode.source?.kind === 'replay' ? createFrameClock() : wallClock;
}

/** Reads all settings without the secrets of other services. Hides the read secrets in later log lines. */
function readSettings(service: ServiceName, root: string, log: ServiceLogger): Settings {
  const { settings } = loadSettings({ env: process.env, root, withhold: secretsKeptFrom(service) });
  log.setLevel(settings.system.log_level);
  for (const [section, keys] of Object.entries(SETTINGS)) {
    for (const [key, setting] of Object.entries(keys as Record<string, Setting>)) {
      const value = (settings[section as SectionName] as Record<string, unknown>)[key];
      if (setting.secret && typeof value === 'string') log.addSecret(value);
    }
  }
  return settings;
}

async function connectTo<P extends ServiceName>(
  name: P,
  { system }: Settings,
  log: ServiceLogger,
  lifetime: Lifetime,
): Promise<ManagedBus<P>> {
  const bus = await connectBus(name, {
    ...redisAddressOf(system),
    log,
    onFault: lifetime.fault,
  });
  log.forwardTo(bus);
  return bus;
}

/** Writes a file for the health check with each heartbeat that Redis accepts. */
function healthFile(): { onHeartbeat?: () => void } {
  const file = process.env['HELIOS_HEALTH_FILE'];
  if (!file) return {};
  // If the file cannot be written, the health check reports the service as unhealthy.
  return { onHeartbeat: () => void writeFile(file, `${Date.now()}\n`).catch(() => {}) };
}

/** Ends this process when a newer start of the fleet has written its mode: this process belongs to the earlier one. */
function watchSession(bus: ManagedBus<ServiceName>, mode: FleetMode, log: ServiceLogger, lifetime: Lifetime): void {
  const timer = setInterval(async () => {
    try {
      const current = await bus.getRecord(Records.fleetMode);
      if (!isReplaced(current, mode)) return;
      clearInterval(timer);
      log.info({ session: mode.session, new_session: current?.session }, 'the fleet was restarted, ending');
      lifetime.stop();
    } catch (error) {
      if (!(error instanceof BusUnavailable)) lifetime.fault(error);
    }
  }, SESSION_CHECK_MS);
  timer.unref();
}
