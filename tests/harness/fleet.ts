import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { findRedisServer, freePort } from '@helios/shared/testing/test-redis.ts';

const ROOT = resolve(import.meta.dirname, '../..');

export interface FleetOptions {
  /** Of `npm start`: `--replay FILE --speed max --exit`. */
  readonly args?: readonly string[];
  /** Settings and switches beside those that keep the fleet to itself. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A whole fleet as `npm start` runs it: supervisor, private Redis, real services; in a folder and on ports of its own. */
export class TestFleet {
  readonly folder = mkdtempSync(join(tmpdir(), 'helios-fleet-'));
  readonly dataDir = join(this.folder, 'data');
  readonly logDir = join(this.folder, 'logs');
  readonly redisPort: number;
  readonly dashboardPort: number;
  #supervisor: ChildProcess | undefined;
  #said = '';

  private constructor(redisPort: number, dashboardPort: number) {
    this.redisPort = redisPort;
    this.dashboardPort = dashboardPort;
  }

  /** Starts a fleet; resolves when every service runs. Rejects with all it said where it does not come up. */
  static async start(options: FleetOptions): Promise<TestFleet> {
    const fleet = new TestFleet(await freePort(), await freePort());
    fleet.launch(options);
    await eventually(
      'every service runs',
      () => fleet.said.includes('services are running') || fleet.#endedEarly(),
      60_000,
    );
    return fleet;
  }

  /** Runs a fleet to its own end (`--exit`); resolves to its exit code. The folder stays until `remove`. */
  static async runToEnd(options: FleetOptions): Promise<{ fleet: TestFleet; code: number | null }> {
    const fleet = new TestFleet(await freePort(), await freePort());
    const supervisor = fleet.launch(options);
    const [code] = await once(supervisor, 'exit');
    return { fleet, code };
  }

  /** Starts the supervisor again in the same folder and on the same ports. */
  launch({ args = [], env = {} }: FleetOptions): ChildProcess {
    const redis = findRedisServer();
    const supervisor = spawn(process.execPath, [join(ROOT, 'packages/fleet/src/start.ts'), ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: this.folder,
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(ROOT, '.helios/compile-cache'),
        HELIOS_REDIS_SERVER: redis.path,
        ...(redis.libraryPath ? { LD_LIBRARY_PATH: redis.libraryPath } : {}),
        ALLOW_SYNTHETIC: 'true',
        REDIS_HOST: '127.0.0.1',
        REDIS_PORT: String(this.redisPort),
        DASHBOARD_PORT: String(this.dashboardPort),
        SYSTEM_DATA_DIR: this.dataDir,
        SYSTEM_LOG_DIR: this.logDir,
        ...env,
      },
    });
    const keep = (chunk: Buffer): void => {
      this.#said += chunk.toString();
    };
    supervisor.stdout?.on('data', keep);
    supervisor.stderr?.on('data', keep);
    this.#supervisor = supervisor;
    return supervisor;
  }

  /** Everything the supervisor has shown. */
  get said(): string {
    return this.#said;
  }

  /** A bus on this fleet's Redis. */
  connect<P extends Parameters<typeof connectBus>[0]>(process: P): Promise<Awaited<ReturnType<typeof connectBus<P>>>> {
    return connectBus<P>(process, { host: '127.0.0.1', port: this.redisPort, db: 0, log: silentLog });
  }

  /** Ctrl-C; resolves to the exit code. */
  async stop(): Promise<number | null> {
    const supervisor = this.#supervisor;
    if (supervisor === undefined || supervisor.exitCode !== null) return supervisor?.exitCode ?? null;
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

  #endedEarly(): never | false {
    if (this.#supervisor?.exitCode === null) return false;
    throw new Error(`the fleet ended with ${this.#supervisor?.exitCode}:\n${this.#said}`);
  }
}
