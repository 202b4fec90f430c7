import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ALL_SETTINGS, SWITCH_NAMES } from '@helios/shared/runtime/config/setting-names.ts';
import { missing } from '@helios/shared/testing/missing.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const services = readdirSync(join(root, 'services')).filter((name) =>
  existsSync(join(root, 'services', name, 'package.json')),
);

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, args: readonly string[], timeoutMs = 60_000): Promise<Ended> {
  return new Promise((settle) => {
    const options = { cwd: root, timeout: timeoutMs, maxBuffer: 64_000_000 };
    execFile(command, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      settle({ code, stdout, stderr });
    });
  });
}

/** The command that is compose here, or undefined where there is no engine to try it on. */
async function findCompose(): Promise<readonly string[] | undefined> {
  if ((await run('docker', ['info'])).code !== 0) return undefined;
  if ((await run('docker', ['compose', 'version'])).code === 0) return ['docker', 'compose'];
  return (await run('docker-compose', ['version'])).code === 0 ? ['docker-compose'] : undefined;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  const address = server.address();
  await new Promise((settle) => server.close(settle));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Asks until the answer is yes; fails with `what` after the deadline. */
async function until(what: string, deadlineMs: number, ask: () => Promise<boolean>): Promise<number> {
  const startedMs = Date.now();
  while (!(await ask())) {
    if (Date.now() - startedMs > deadlineMs) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await pause(500);
  }
  return Date.now() - startedMs;
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

interface Inspected {
  readonly Name: string;
  readonly RestartCount: number;
  readonly State: { readonly Status: string; readonly ExitCode: number; readonly Health?: { readonly Status: string } };
  readonly Config: { readonly Env: readonly string[]; readonly Labels: Readonly<Record<string, string>> };
  readonly NetworkSettings: {
    readonly Ports: Readonly<Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>>;
  };
}

/** One project of its own in the engine, with its own name, image, port and variables. */
class Project {
  readonly name = `helios-test-${randomBytes(4).toString('hex')}`;
  readonly #folder = mkdtempSync(join(tmpdir(), 'helios-compose-'));
  readonly #compose: readonly string[];

  constructor(compose: readonly string[], image: string, variables: Readonly<Record<string, string>>) {
    this.#compose = compose;
    const example = readFileSync(join(root, '.env.example'), 'utf8');
    const all = { ...variables, HELIOS_IMAGE: image };
    const kept = example.split('\n').filter((line) => !Object.keys(all).some((name) => line.startsWith(`${name}=`)));
    const own = Object.entries(all).map(([name, value]) => `${name}=${value}`);
    writeFileSync(join(this.#folder, '.env'), [...kept, ...own, ''].join('\n'));
  }

  run(args: readonly string[], timeoutMs = 60_000): Promise<Ended> {
    const [command = '', ...first] = this.#compose;
    return run(command, [...first, '--env-file', join(this.#folder, '.env'), '-p', this.name, ...args], timeoutMs);
  }

  /** What a command in a container prints; fails with what it complains about. */
  async exec(service: string, ...command: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(['exec', '-T', service, ...command]);
    if (code !== 0) throw new Error(`${service}: ${command.join(' ')}: ${stderr || stdout}`);
    return stdout.trim();
  }

  async inspect(): Promise<Record<string, Inspected>> {
    const ids = await this.ids('container');
    if (ids.length === 0) return {};
    const all = JSON.parse((await run('docker', ['inspect', ...ids])).stdout) as Inspected[];
    return Object.fromEntries(all.map((one) => [one.Config.Labels['com.docker.compose.service'], one]));
  }

  async ids(kind: 'container' | 'volume' | 'network'): Promise<string[]> {
    const all = kind === 'container' ? ['--all'] : [];
    const filter = ['--filter', `label=com.docker.compose.project=${this.name}`];
    const { stdout } = await run('docker', [kind, 'ls', '--quiet', ...all, ...filter]);
    return stdout.split('\n').filter(Boolean);
  }

  async allHealthy(): Promise<boolean> {
    const states = Object.values(await this.inspect()).map(({ State }) => State.Health?.Status);
    return states.length === services.length + 2 && states.every((status) => status === 'healthy');
  }

  /** Which containers are not healthy, with their last lines, for a failure's message. */
  async complaint(): Promise<string> {
    const { stdout } = await this.run(['logs', '--tail', '15']);
    const states = Object.entries(await this.inspect()).map(([name, { State }]) => `${name} ${State.Health?.Status}`);
    return `${states.join(', ')}\n${stdout}`;
  }

  async remove(): Promise<void> {
    await this.run(['down', '--volumes', '--timeout', '10'], 120_000);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Who is handed each secret setting. All that talk to Redis know its password; a new secret needs a line here. */
const SECRET_HOLDERS = {
  'binance.api_key': ['mode-resolver'],
  'binance.api_secret': ['mode-resolver'],
  'system.redis_password': ['x-settings', 'redis', 'redis-browser'],
  'dashboard.password': ['dashboard-api'],
  'reddit.client_id': ['reddit-ingestor'],
  'reddit.client_secret': ['reddit-ingestor'],
  'azure.connection_string': ['monitoring-agent'],
};

/** Name and text of each service of docker-compose.yml and of each block that services share. */
function blocksOf(compose: string): [name: string, block: string][] {
  const blocks = compose.split(/^(?= {2}[a-z][a-z-]*:$|x-[a-z]+:|volumes:$)/m);
  return blocks.map((block) => [/^ *([a-z-]+):/.exec(block)?.[1] ?? '', block]);
}

/** The blocks that take a variable of one of these names from `.env`. */
function holdersIn(compose: string, names: readonly string[]): string[] {
  const holders = blocksOf(compose).filter(([, block]) => names.some((name) => block.includes(`: \${${name}:`)));
  return holders.map(([name]) => name);
}

describe('compose files', () => {
  const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
  const dev = readFileSync(join(root, 'docker-compose.dev.yml'), 'utf8');

  it('has a container for every service there is, in development too', () => {
    const commands = [...text.matchAll(/^ {4}command: \[node, services\/([a-z-]+)\/src\/main\.ts\]$/gm)];
    expect(commands.map(([, name]) => name).toSorted()).toEqual(services.toSorted());
    for (const name of services) {
      expect(dev).toContain(`command: [node, --watch, services/${name}/src/main.ts]`);
      expect(dev).toContain(`./services/${name}/src:/app/services/${name}/src:ro`);
    }
    expect(dev).toContain('./services/dashboard-api/public:/app/services/dashboard-api/public:ro');
  });

  it('mounts the source of every package that a container uses in development', () => {
    const users = [...services.map((name) => `services/${name}`), 'packages/fleet'];
    const used = users.flatMap((folder) => {
      const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
      return Object.keys(manifest.dependencies).flatMap((name) => /^@helios\/(.+)$/.exec(name)?.[1] ?? []);
    });
    expect(used).toContain('shared');
    for (const name of [...used, 'fleet']) expect(dev).toContain(`./packages/${name}/src:/app/packages/${name}/src:ro`);
  });

  it('pins the pnpm of the project and needs neither env_file nor BuildKit', () => {
    const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
    expect(dockerfile).toContain('pnpm@11.28.11');
    expect(dockerfile).not.toMatch(/--mount|^# syntax|<<EOF/m);
    expect(text).not.toContain('env_file');
  });

  it('hands the switches to the resolver alone, and every secret to its holder and to nobody else', () => {
    const secrets = ALL_SETTINGS.filter(({ setting }) => setting.secret === true);
    const holders = secrets.map(({ path, environmentNames }) => [path, holdersIn(text, environmentNames)]);
    expect(Object.fromEntries(holders)).toEqual(SECRET_HOLDERS);
    for (const name of SWITCH_NAMES) expect(holdersIn(text, [name]), name).toEqual(['mode-resolver']);
  });

  it('mounts the folder of logs only where logs are written', () => {
    expect(blocksOf(text).flatMap(([name, block]) => (/\blogs:\/app\/logs/.test(block) ? [name] : []))).toEqual([
      'decision-logger',
      'monitoring-agent',
    ]);
  });
});

const compose = await findCompose();
const advice = 'start a Docker engine and install docker-compose or the Compose plugin';
const skipped = missing(compose !== undefined, `Compose is not tested in an engine: ${advice}.`);
const image = `helios-test-${randomBytes(4).toString('hex')}`;

describe.skipIf(skipped)(
  `compose in a real engine${skipped ? ` (skipped: ${advice})` : ''}`,
  { timeout: 150_000 },
  () => {
    const password = 'it"s\\a#test';
    const projects: Project[] = [];
    let project: Project;
    let port: number;
    let healthyAfterMs: number;

    function newProject(variables: Readonly<Record<string, string>>): Project {
      const created = new Project(compose ?? [], image, variables);
      projects.push(created);
      return created;
    }

    beforeAll(async () => {
      port = await freePort();
      project = newProject({
        ALLOW_PUBLIC_MODE: '',
        ALLOW_SYNTHETIC: 'true',
        REDIS_PASSWORD: `'${password}'`,
        DASHBOARD_PORT: String(port),
        DASHBOARD_PASSWORD: 'for-this-test-only',
        BINANCE_API_SECRET: 'your_api_secret',
        SIGNALS_MIN_BOOK_HISTORY_SEC: '5',
      });
      const built = await project.run(['build', 'mode-resolver'], 600_000);
      if (built.code !== 0) throw new Error(`the image was not built:\n${built.stdout}\n${built.stderr}`);
      const startedMs = Date.now();
      const up = await project.run(['up', '--detach'], 120_000);
      if (up.code !== 0) throw new Error(`up failed:\n${up.stderr}\n${await project.complaint()}`);
      await until('all containers healthy', 90_000, () => project.allHealthy()).catch(async (error: Error) => {
        throw new Error(`${error.message}\n${await project.complaint()}`);
      });
      healthyAfterMs = Date.now() - startedMs;
      console.log(`compose: all healthy ${(healthyAfterMs / 1_000).toFixed(1)} s after "up"`);
    }, 900_000);

    afterAll(async () => {
      for (const each of projects) await each.remove();
      await run('docker', ['image', 'rm', '--force', image]);
    }, 300_000);

    it('is healthy within 60 seconds', () => {
      expect(healthyAfterMs).toBeLessThan(60_000);
    });

    it('publishes the dashboard on 127.0.0.1 and nothing else', async () => {
      const containers = await project.inspect();
      const published = Object.entries(containers).flatMap(([name, { NetworkSettings }]) =>
        Object.values(NetworkSettings.Ports).flatMap((ports) =>
          (ports ?? []).map(({ HostIp, HostPort }) => [name, HostIp, HostPort]),
        ),
      );
      expect(published).toEqual([['dashboard-api', '127.0.0.1', String(port)]]);
      expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    });

    it('runs everything without root', async () => {
      for (const service of ['redis', 'mode-resolver', ...services]) {
        expect(await project.exec(service, 'id', '-u'), service).not.toBe('0');
      }
    });

    it('gives each secret only to who needs it', async () => {
      const containers = await project.inspect();
      const holders = (name: string) =>
        Object.entries(containers)
          .filter(([, { Config }]) => Config.Env.some((variable) => variable.startsWith(`${name}=`)))
          .map(([service]) => service);
      expect(holders('BINANCE_API_SECRET')).toEqual(['mode-resolver']);
      expect(holders('DASHBOARD_PASSWORD')).toEqual(['dashboard-api']);
      for (const name of ['REDDIT_CLIENT_ID', 'REDDIT_CLIENT_SECRET'])
        expect(holders(name)).toEqual(['reddit-ingestor']);
      expect(holders('REDISCLI_AUTH')).toEqual(['redis']);
    });

    it('has an append-only Redis that never evicts and asks for the password, whatever is in it', async () => {
      const config = async (name: string) =>
        (await project.exec('redis', 'redis-cli', 'CONFIG', 'GET', name)).split('\n')[1];
      expect(await config('appendonly')).toBe('yes');
      expect(await config('maxmemory-policy')).toBe('noeviction');
      expect(await config('requirepass')).toBe(password);
      expect(await project.exec('redis', 'env', 'REDISCLI_AUTH=', 'redis-cli', 'PING')).toContain('NOAUTH');
      expect(await project.exec('redis', 'sh', '-c', "tr '\\0' ' ' </proc/1/cmdline")).not.toContain('test');
    });

    it('lets decisions flow, read by redis-cli without a password', async () => {
      const newest = (list: string) => project.exec('redis', 'redis-cli', 'LRANGE', list, '0', '9');
      await until('a signal or a refusal on record', 180_000, async () => {
        return (await newest('decision_logs')) !== '' || (await newest('decision_refusals')) !== '';
      });
      const [entry = ''] = `${await newest('decision_logs')}\n${await newest('decision_refusals')}`.trim().split('\n');
      expect(JSON.parse(entry)).toMatchObject({ symbol: expect.any(String), direction: expect.any(String) });
    });

    it('writes ledger and logs to its volumes', async () => {
      expect(await project.exec('decision-logger', 'find', '.helios', '-type', 'f')).toMatch(/ledger/);
      const record = { ts: Date.now(), level: 'WARN', service: 'redis', message: 'a line for the test', fields: '{}' };
      await project.exec('redis', 'redis-cli', 'XADD', 'logs', '*', 'message', JSON.stringify(record));
      await until('the line in logs/helios.log', 20_000, async () => {
        const read = await project.run(['exec', '-T', 'monitoring-agent', 'cat', 'logs/helios.log']);
        return read.stdout.includes(record.message);
      });
    });

    it('brings a killed service back', async () => {
      await project.run(['exec', '-T', 'signal-engine', 'sh', '-c', 'kill -9 $(pidof node)']);
      await until('the container restarted', 30_000, async () => {
        return ((await project.inspect())['signal-engine']?.RestartCount ?? 0) > 0;
      });
      await until('healthy again', 60_000, () => project.allHealthy());
    });

    it('finds its mode again by itself when all containers start at once, as after a reboot', async () => {
      const session = () => project.exec('redis', 'redis-cli', 'HGET', 'fleet:mode', 'session');
      const before = await session();
      const restarted = await run('docker', ['restart', '--time', '10', ...(await project.ids('container'))], 180_000);
      expect(restarted.code, restarted.stderr).toBe(0);
      await until('a new session', 60_000, async () => {
        const now = await session().catch(() => before);
        return now !== before && now !== '';
      });
      await until('healthy again', 90_000, () => project.allHealthy());
    }, 300_000);

    it('stops within ten seconds, nobody killed', async () => {
      const startedMs = Date.now();
      const stopped = await project.run(['stop'], 120_000);
      const tookMs = Date.now() - startedMs;
      console.log(`compose: stopped in ${(tookMs / 1_000).toFixed(1)} s`);
      expect(stopped.code, stopped.stderr).toBe(0);
      const killed = Object.entries(await project.inspect()).filter(([, { State }]) => State.ExitCode === 137);
      expect(killed.map(([name]) => name)).toEqual([]);
    }, 150_000);

    it('leaves nothing behind after down -v', async () => {
      const down = await project.run(['down', '--volumes'], 120_000);
      expect(down.code, down.stderr).toBe(0);
      for (const kind of ['container', 'volume', 'network'] as const) expect(await project.ids(kind), kind).toEqual([]);
    }, 150_000);

    it('refuses to start where no mode is allowed, says why, and does not loop hot', async () => {
      const refused = newProject({ ALLOW_PUBLIC_MODE: 'false', DASHBOARD_PORT: String(await freePort()) });
      const up = await refused.run(['up', '--detach'], 120_000);
      expect(up.code).not.toBe(0);
      expect(up.stderr).toContain('unhealthy');
      const { stdout } = await refused.run(['logs', '--no-color', 'mode-resolver']);
      for (const wayOut of ['ALLOW_SYNTHETIC', 'BINANCE_API_KEY']) expect(stdout).toContain(wayOut);
      const containers = await refused.inspect();
      expect(containers['mode-resolver']?.RestartCount).toBeLessThanOrEqual(1);
      for (const service of services) expect(containers[service]?.State.Status ?? 'created').toBe('created');
    }, 180_000);
  },
);
