import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readRedisPassword } from '@helios/fleet/redis-password.ts';
import { type FleetPart, ProcessWatch } from '@helios/fleet/rehearse/process-watch.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { bareEnvironment } from '@helios/shared/testing/bare-environment.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { freePort } from '@helios/shared/testing/free-port.ts';
import { IMBALANCE_ALONE_ENVIRONMENT } from '@helios/shared/testing/imbalance-alone.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { findRedisServer } from '@helios/shared/testing/test-redis.ts';
import { isAlive, processesMentioning } from './processes.ts';
import { redisCommand } from './redis-command.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const BACK_MS = 60_000;

export interface FleetOptions {
  /** Options of `npm start`: `--replay FILE --speed max --exit`. */
  readonly args?: readonly string[];
  /** Restarts at once after each crash, also from the third within a minute on. */
  readonly withoutRestartDelay?: boolean;
  /** Settings and switches in addition to those that isolate the fleet. */
  readonly env?: Readonly<Record<string, string>>;
}

interface CommandResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A whole fleet as `npm start` runs it: supervisor, private Redis, real services; in its own folder and on its own ports. */
export class TestFleet {
  readonly folder = mkdtempSync(join(tmpdir(), 'helios-fleet-'));
  readonly dataDir = join(this.folder, 'data');
  readonly logDir = join(this.folder, 'logs');
  readonly redisPort: number;
  readonly dashboardPort: number;
  readonly #processes = new ProcessWatch();
  #supervisor: ChildProcess | undefined;
  #said = '';

  private constructor(redisPort: number, dashboardPort: number) {
    this.redisPort = redisPort;
    this.dashboardPort = dashboardPort;
  }

  /** A folder and ports for a fleet that is not started yet. */
  static async prepare(): Promise<TestFleet> {
    return new TestFleet(await freePort(), await freePort());
  }

  /** Starts a fleet; resolves when every service runs. Rejects with its output if it does not start. */
  static async start(options: FleetOptions): Promise<TestFleet> {
    const fleet = await TestFleet.prepare();
    fleet.launch(options);
    await fleet.running();
    return fleet;
  }

  /** Runs a fleet until it ends (`--exit`); resolves to its exit code. The folder stays until `remove`. */
  static async runToEnd(options: FleetOptions): Promise<{ fleet: TestFleet; code: number | null }> {
    const fleet = await TestFleet.prepare();
    return { fleet, code: await fleet.runToEnd(options) };
  }

  /** Launches the supervisor; resolves to its exit code when it has ended. */
  async runToEnd(options: FleetOptions): Promise<number | null> {
    const supervisor = this.launch(options);
    await once(supervisor, 'close');
    return supervisor.exitCode;
  }

  /** Starts the supervisor in the same folder and on the same ports, and forgets its earlier output. */
  launch({ args = [], env = {}, withoutRestartDelay = false }: FleetOptions): ChildProcess {
    const script = withoutRestartDelay ? 'tests/harness/start-without-delay.ts' : 'packages/fleet/src/start.ts';
    const supervisor = spawn(process.execPath, [join(ROOT, script), ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...this.#environment(), ...env },
    });
    this.#said = '';
    const keep = (text: string): void => {
      this.#said += text;
      this.#processes.hear(text);
    };
    for (const stream of [supervisor.stdout, supervisor.stderr]) stream?.setEncoding('utf8').on('data', keep);
    this.#supervisor = supervisor;
    return supervisor;
  }

  /** Runs one of our commands on this fleet: `command('status.ts')`. */
  command(script: string, ...args: readonly string[]): Promise<CommandResult> {
    return this.commandWith({}, script, ...args);
  }

  /** As `command`, in a shell with these variables. */
  async commandWith(
    env: Readonly<Record<string, string>>,
    script: string,
    ...args: readonly string[]
  ): Promise<CommandResult> {
    const child = spawn(process.execPath, [join(ROOT, 'packages/fleet/src', script), ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...this.#environment(), ...env },
    });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (err += text));
    const [code] = await once(child, 'close');
    return { code, out, err };
  }

  #environment(): NodeJS.ProcessEnv {
    const redis = findRedisServer();
    return {
      ...bareEnvironment(),
      HOME: this.folder,
      HELIOS_REDIS_SERVER: redis.path,
      HELIOS_REDIS_CLI: process.env['HELIOS_REDIS_CLI'],
      ...(redis.libraryPath ? { LD_LIBRARY_PATH: redis.libraryPath } : {}),
      // A test must not read the operator's files in this checkout.
      HELIOS_SETTINGS_DIR: this.folder,
      ALLOW_SYNTHETIC: 'true',
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: String(this.redisPort),
      DASHBOARD_PORT: String(this.dashboardPort),
      SYSTEM_DATA_DIR: this.dataDir,
      SYSTEM_LOG_DIR: this.logDir,
      // As in `defaultSettings`, with which the results of a fleet are compared.
      ...IMBALANCE_ALONE_ENVIRONMENT,
      SIGNALS_MAX_ENTRY_SPREAD_BP: '1000',
    };
  }

  /** Resolves when every service runs. Rejects with the supervisor's output if it ends instead. */
  async running(): Promise<void> {
    await eventually(
      'every service runs',
      () => this.said.includes('services are running') || this.#endedEarly(),
      BACK_MS,
    );
  }

  /** The supervisor's output since its last launch. */
  get said(): string {
    return this.#said;
  }

  /** Live processes of this fleet: those in its output, and all others that it started. */
  leftovers(): readonly number[] {
    const own = this.#supervisor?.pid;
    const told = [...(own === undefined ? [] : [own]), ...this.#processes.everyPid].filter(isAlive);
    return [...new Set([...told, ...processesMentioning(this.folder)])];
  }

  /** Resolves to the process of a running member. */
  up(member: FleetPart): Promise<number> {
    const pid = () => this.#processes.runningPid(member) ?? this.#endedEarly();
    return eventually(`${member} is up`, pid, BACK_MS);
  }

  /** `kill -9` of a running member. Resolves when it is dead; `up` then waits for its successor. */
  async kill(member: FleetPart): Promise<void> {
    const pid = await this.up(member);
    this.#processes.forget(member, pid);
    process.kill(pid, 'SIGKILL');
    await eventually(`${member} (process ${pid}) is dead`, () => !isAlive(pid));
  }

  /** The supervisor of the last launch. */
  supervisorPid(): number {
    if (this.#supervisor?.pid === undefined) throw new Error('the supervisor was never launched');
    return this.#supervisor.pid;
  }

  /** `kill -9` of the supervisor; resolves when it is dead. */
  async killSupervisor(): Promise<void> {
    const supervisor = this.#supervisor;
    if (supervisor === undefined) throw new Error('the supervisor was never launched');
    const ended = once(supervisor, 'exit');
    supervisor.kill('SIGKILL');
    await ended;
  }

  /** A bus on this fleet's Redis. */
  async connect<P extends Parameters<typeof connectBus>[0]>(
    process: P,
  ): Promise<Awaited<ReturnType<typeof connectBus<P>>>> {
    // The first start creates the password: a fleet that was just launched has none yet.
    const password = await eventually('a password of redis', () => readRedisPassword(this.dataDir), BACK_MS);
    return connectBus<P>(process, { host: '127.0.0.1', port: this.redisPort, db: 0, password, log: silentLog });
  }

  /** Sends one command like redis-cli; resolves to the raw reply. */
  redis(...command: readonly string[]): Promise<string> {
    return redisCommand(this.redisPort, command, readRedisPassword(this.dataDir));
  }

  /** Log lines of all processes, as parsed JSON. */
  logged(): readonly Readonly<Record<string, unknown>>[] {
    const lines = readFileSync(join(this.logDir, 'helios.log'), 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
  }

  /** Ctrl-C; resolves to the exit code, also if it has ended already. */
  async stop(): Promise<number | null> {
    const supervisor = this.#supervisor;
    if (supervisor === undefined) return null;
    if (supervisor.exitCode !== null || supervisor.signalCode !== null) return supervisor.exitCode;
    const ended = once(supervisor, 'exit');
    supervisor.kill('SIGINT');
    const [code] = await ended;
    return code;
  }

  /** Stops it and removes its folder. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Throws if the supervisor has ended. */
  #endedEarly(): undefined {
    const { exitCode, signalCode } = this.#supervisor ?? {};
    if (exitCode === null && signalCode === null) return undefined;
    throw new Error(`the fleet ended with ${exitCode ?? signalCode}:\n${this.#said}`);
  }
}
