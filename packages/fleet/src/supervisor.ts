import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RecordingFile } from '@helios/market-data/recording-label.ts';
import type { FleetMode, ServiceName } from '@helios/shared/domain/fleet.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { SupervisorBeat } from '@helios/shared/domain/supervision.ts';
import { digestOf } from '@helios/shared/runtime/await-mode.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { messageOf } from '@helios/shared/runtime/cli/run-command.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { strategyWarnings } from '@helios/shared/runtime/config/strategy-warnings.ts';
import { ignoredVariableWarnings } from '@helios/shared/runtime/config/unknown-names.ts';
import { ensurePassword } from '@helios/shared/runtime/password.ts';
import { redisAddressOf } from '@helios/shared/runtime/redis/settings-address.ts';
import { connectAdmin } from '@helios/shared/runtime/redis-admin.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { admitMode } from './admit-mode.ts';
import { checkMachine } from './doctor/machine-checks.ts';
import { describeRun, establishRun, modeOfStart, placeOf } from './establish-run.ts';
import { findRedis, probeOf } from './find-redis.ts';
import type { FleetDependencies } from './fleet-dependencies.ts';
import { type FleetLog, openFleetLog } from './fleet-log.ts';
import { inspectServer } from './inspect-server.ts';
import { createKeepGoing } from './keep-going.ts';
import { keepRedisPassword } from './keep-redis-password.ts';
import { servicesOf } from './mode-services.ts';
import { assertDashboardPort } from './port-is-free.ts';
import { closeToOthers } from './private-files.ts';
import { startPrivateRedis } from './private-redis.ts';
import { privateRedisDir } from './redis-for-a-call.ts';
import { ensureRedisPassword, withKeptPassword } from './redis-password.ts';
import { type ModeChoice, resolveMode } from './resolve-mode.mjs';

import { serviceCommand, serviceEnvironment } from './service-command.ts';
import { checkSettingsFileAccess } from './settings-file-access.ts';
import { checkRecordings, type StartOptions } from './start-options.ts';
import { StartRefused } from './start-refused.ts';
import { createSupervisedProcesses, describeChange, type SupervisedProcesses } from './supervised-processes.ts';
import { beatOf, describeDatabase, readBeat, refuseBesideAnother, startBeating } from './supervisor-beat.ts';
import { registerSupervisor } from './supervisor-file.ts';
import { attend, untilReady } from './watch-processes.ts';

const WITHOUT_PASSWORD = [
  '  warning: this Redis needs no password: everybody who can reach it can read all data and press Flatten. Set its requirepass',
  '  and REDIS_PASSWORD, or set REDIS_PORT to a free port: npm start then runs a private one with a password.',
];

/**
 * Runs the fleet until `stop` aborts, or until a replay with `--exit` ends.
 * @returns the exit code
 * @throws StartRefused, SettingsError, BusUnavailable: nothing is left running then
 */
export async function runFleet(options: StartOptions, dependencies: FleetDependencies): Promise<number> {
  const { settings, switches } = loadSettings({ env: dependencies.env, root: dependencies.root });
  const warnings = [
    ...checkSettingsFileAccess(dependencies.root, dependencies.env),
    ...strategyWarnings(settings),
    ...ignoredVariableWarnings(dependencies.env),
  ];
  const warned = warnings.map((warning) => `warning: ${warning}`);
  for (const line of warned) dependencies.say(line);
  const recording = checkRecordings(options.replay ?? { files: [] });
  const resolution = resolveMode({
    binance: settings.binance,
    switches,
    seed: settings.system.synthetic_seed,
    replay: options.replay,
  });
  if (resolution.kind === 'ABORT') throw new StartRefused(resolution.lines);
  const dataDir = resolve(dependencies.root, settings.system.data_dir);
  const release = registerSupervisor(dataDir, options.detach, settings);
  const cleanups: (() => Promise<void> | void)[] = [release];
  try {
    return await runRegistered(resolution.mode, recording, settings, dataDir, { ...dependencies, warned }, cleanups);
  } finally {
    for (const cleanup of cleanups.toReversed()) await settled(cleanup, dependencies.say);
  }
}

async function runRegistered(
  choice: ModeChoice,
  recording: readonly RecordingFile[],
  given: Settings,
  dataDir: string,
  outer: FleetDependencies & { readonly warned: readonly string[] },
  cleanups: (() => Promise<void> | void)[],
): Promise<number> {
  const { root } = outer;
  await assertDashboardPort(given.dashboard.host, given.dashboard.port);
  const logDir = resolve(root, given.system.log_dir);
  const fleetLog = openFleetLog(given.system, logDir, outer.say);
  const { say } = fleetLog;
  for (const line of outer.warned) fleetLog.write(line);
  const dependencies = { ...outer, say };
  cleanups.push(() => fleetLog.close());
  for (const secret of [given.binance.api_key, given.binance.api_secret]) fleetLog.addSecret(secret);
  for (const line of closeToOthers({ root, dataDir, logDir })) say(line);
  const local = choice.mode === 'live' ? checkMachine(dataDir, logDir) : [];
  if (!(await admitMode(choice, given, local, say, dependencies.stop))) return 0;
  const services = servicesOf(choice.mode, { redditEnabled: given.reddit.enabled });
  const mode = { ...(await modeOfStart(choice, given, recording)), services: [...services] };
  const { system, isPrivate } = await provideRedis(given, dataDir, dependencies, fleetLog, cleanups);
  const settings = { ...given, system };
  const bus = await connectBus('fleet', { ...redisAddressOf(system), log: fleetLog.log, connectTimeoutMs: 10_000 });
  cleanups.push(() => bus.close());
  const beat = beatOf(mode, root);
  const keepGoing = createKeepGoing(fleetLog.log);
  await prepareDatabase(mode, { ...settings, isPrivate, beat }, bus, fleetLog, say);
  cleanups.push(await startBeating(bus, beat, keepGoing));
  const password = await newPassword(settings, dataDir);
  if (password !== undefined) fleetLog.addSecret(password);
  // Show it now, because the start may fail later. `untilReady` shows it again next to the address.
  if (password !== undefined) say(`  the dashboard’s new password is ${password}`);
  if (dependencies.stop.aborted) return 0;
  const processes = createSupervisedProcesses({
    services: supervisedServices(mode, given, system, dependencies),
    root,
    bus,
    fleetLog,
    redisAnswers: () => untilRedisAnswers(system, dependencies.stop),
    restartDelayMs: dependencies.restartDelayMs,
  });
  cleanups.push(() => stopProcesses(processes, say));
  processes.start();
  const started = { processes, mode, bus, keepGoing };
  await untilReady(started, settings, password, dependencies);
  return await attend(started, dependencies);
}

/** Makes sure that a Redis answers. @returns its settings, with the password of a private Redis, and whether it is private */
async function provideRedis(
  settings: Settings,
  dataDir: string,
  { say, env, redisServer, restartDelayMs }: FleetDependencies,
  fleetLog: FleetLog,
  cleanups: (() => Promise<void> | void)[],
): Promise<{ readonly system: Settings['system']; readonly isPrivate: boolean }> {
  const privateDir = privateRedisDir(dataDir);
  const found = await withKeptPassword(settings.system, dataDir);
  const choice = await findRedis(found, privateDir, fleetLog.log);
  if (choice.kind === 'THERE') {
    say(`Redis: the one at ${found.redis_host}:${found.redis_port}, database ${found.redis_db}`);
    if (found.redis_password === '') for (const line of WITHOUT_PASSWORD) say(line);
    return { system: found, isPrivate: false };
  }
  const system = { ...found, redis_password: settings.system.redis_password || ensureRedisPassword(dataDir, say) };
  fleetLog.addSecret(system.redis_password);
  if (system.redis_db > 15)
    throw new StartRefused([
      'REDIS_DB is above 15, but the private Redis has databases 0 to 15 only. Set REDIS_DB to 15 or less.',
    ]);
  const startedMs = Date.now();
  const redis = await startPrivateRedis({
    host: system.redis_host,
    port: system.redis_port,
    username: system.redis_username,
    password: system.redis_password,
    say,
    server: redisServer,
    dataDir: privateDir,
    env,
    restartDelayMs,
    onLine: (line, from) => fleetLog.take('redis', line, from),
    onChange: (child, delayMs) => {
      if (child.restarts > 0 || child.state === 'RESTARTING')
        fleetLog.show(describeChange(child, delayMs, startedMs, fleetLog.file));
      fleetLog.log.info(
        { child: 'redis', state: child.state, pid: child.pid, last_end: child.lastEnd },
        'process changed',
      );
    },
  });
  say(
    `Redis: a private one on ${system.redis_host}:${system.redis_port}, process ${redis.pid}, its file in ${privateDir}`,
  );
  cleanups.push(() => redis.stop(5_000));
  if (settings.system.redis_password === '') cleanups.push(keepRedisPassword(dataDir, system.redis_password, say));
  return { system, isPrivate: true };
}

async function prepareDatabase(
  mode: FleetMode,
  { system, isPrivate, beat }: Pick<Settings, 'system'> & { isPrivate: boolean; beat: SupervisorBeat },
  bus: Bus<'fleet'>,
  { log }: FleetLog,
  say: (line: string) => void,
): Promise<void> {
  const admin = await connectAdmin(redisAddressOf(system), log, 5_000);
  try {
    await refuseBesideAnother(() => readBeat(admin), beat, describeDatabase(system));
    for (const warning of await inspectServer(admin, system)) say(`  warning: ${warning}`);
    const archived = await establishRun(admin, bus, mode, placeOf(system, isPrivate));
    for (const line of describeRun(mode, archived)) say(line);
  } finally {
    admin.close();
  }
}

/** A new password, if the dashboard needs one and none is set or kept. */
async function newPassword({ dashboard }: Settings, dataDir: string): Promise<string | undefined> {
  return dashboard.login && dashboard.password === '' ? ensurePassword(dataDir) : undefined;
}

function supervisedServices(
  mode: FleetMode,
  given: Settings,
  system: Settings['system'],
  { root, env, commandOf }: FleetDependencies,
) {
  const command = commandOf ?? ((service: ServiceName) => serviceCommand(root, service));
  const isGenerated = system.redis_password !== given.system.redis_password;
  const redisPassword = isGenerated ? system.redis_password : undefined;
  const facts = { session: mode.session, modeDigest: digestOf(mode), redisPassword };
  return servicesOf(mode.mode, { redditEnabled: given.reddit.enabled }).map((name) => ({
    name,
    command: command(name),
    env: serviceEnvironment(env, name, facts),
  }));
}

async function untilRedisAnswers(system: Settings['system'], stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const { kind } = await probeOf(system, 1_000);
    if (kind === 'READY' || kind === 'PASSWORD_NEEDED') return;
    await pause(100);
  }
}

async function stopProcesses(processes: SupervisedProcesses, say: (line: string) => void): Promise<void> {
  const startedMs = Date.now();
  say('Stopping …');
  await processes.stop();
  say(`All services have ended (${((Date.now() - startedMs) / 1_000).toFixed(1)} s).`);
}

/** Runs one cleanup; a failure must not skip the next cleanup. */
async function settled(cleanup: () => Promise<void> | void, say: (line: string) => void): Promise<void> {
  try {
    await cleanup();
  } catch (error) {
    say(`Error while stopping: ${messageOf(error)}`);
  }
}
