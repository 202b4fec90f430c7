import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { freePort } from '@helios/shared/testing/free-port.ts';
import { missing } from '@helios/shared/testing/missing.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testLiveCompose } from './harness/compose-live.ts';
import { ComposeProject, findCompose, type NewProject, root, run, services, until } from './harness/compose-project.ts';
import { testRefusedSettings } from './harness/compose-refusals.ts';

const compose = await findCompose();
const advice = 'start a Docker engine and install docker-compose or the Compose plugin';
const skipped = missing(compose !== undefined, `Compose is not tested in an engine: ${advice}.`);
const image = `helios-test-${randomBytes(4).toString('hex')}`;

const projects: ComposeProject[] = [];

const newProject: NewProject = (variables, own) => {
  const created = new ComposeProject(compose ?? [], image, variables, own);
  projects.push(created);
  return created;
};

beforeAll(async () => {
  if (skipped) return;
  const built = await newProject({ REDIS_PASSWORD: 'abc-for-a-test' }).run(['build', 'mode-resolver'], 600_000);
  if (built.code !== 0) throw new Error(`the image was not built:\n${built.stdout}\n${built.stderr}`);
}, 600_000);

afterAll(async () => {
  if (skipped) return;
  await Promise.all(projects.map((each) => each.remove()));
  await run('docker', ['image', 'rm', '--force', image]);
}, 300_000);

describe.skipIf(skipped)(
  `compose in a real engine${skipped ? ` (skipped: ${advice})` : ''}`,
  { timeout: 150_000 },
  () => {
    const password = 'it"s\\a#test';
    let project: ComposeProject;
    let port: number;
    let healthyAfterMs: number;

    beforeAll(async () => {
      port = await freePort();
      project = newProject(
        {
          ALLOW_PUBLIC_MODE: '',
          ALLOW_SYNTHETIC: 'true',
          REDIS_PASSWORD: `'${password}'`,
          DASHBOARD_PORT: String(port),
          BINANCE_API_SECRET: 'your_api_secret',
        },
        { ini: '[signals]\nmin_book_history_sec = 5\n\n[system]\nsynthetic_seed = 4711\n' },
      );
      const startedMs = Date.now();
      const up = await project.run(['up', '--detach'], 120_000);
      if (up.code !== 0) throw new Error(`up failed:\n${up.stderr}\n${await project.complaint()}`);
      await until('all containers healthy', 90_000, () => project.allHealthy()).catch(async (error: Error) => {
        throw new Error(`${error.message}\n${await project.complaint()}`);
      });
      healthyAfterMs = Date.now() - startedMs;
      console.log(`compose: all healthy ${(healthyAfterMs / 1_000).toFixed(1)} s after "up"`);
    }, 300_000);

    it('is healthy within 60 seconds', () => {
      expect(healthyAfterMs).toBeLessThan(60_000);
    });

    it('publishes only the dashboard, on 127.0.0.1', async () => {
      const containers = await project.inspect();
      const published = Object.entries(containers).flatMap(([name, { NetworkSettings }]) =>
        Object.values(NetworkSettings.Ports).flatMap((ports) =>
          (ports ?? []).map(({ HostIp, HostPort }) => [name, HostIp, HostPort]),
        ),
      );
      expect(published).toEqual([['dashboard-api', '127.0.0.1', String(port)]]);
      // The engine's proxy accepts a connection that the busy service then resets.
      const answer = () => fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
      await until('the page answers', 10_000, async () => (await answer())?.status === 200);
    });

    it('reads its own config.ini, and nothing of this checkout’s config folder', async () => {
      const containers = await project.inspect();
      const sources = Object.values(containers).flatMap(({ Mounts }) => Mounts.map(({ Source }) => Source));
      expect(sources).not.toContain(join(root, 'config'));
      const { stdout } = await project.run(['logs', '--no-color', 'data-ingestor']);
      expect(stdout).toContain('"seed":4711');
    });

    it('limits the memory and the processes of every container', async () => {
      for (const [name, { HostConfig }] of Object.entries(await project.inspect())) {
        expect(HostConfig.Memory, name).toBe((name === 'redis' ? 1_100 : 512) * 1_048_576);
        expect(HostConfig.PidsLimit, name).toBe(name === 'redis' ? 64 : 128);
      }
    });

    it.each(['mode-resolver', 'risk-manager', 'dashboard-api'])(
      'answers helios status, config and logs in %s',
      async (service) => {
        const status = await project.exec(service, 'helios', 'status');
        expect(status).toMatch(/^Mode: SYNTHETIC/);
        expect(status).toMatch(/signal-engine +RUNNING/);
        expect(status).toMatch(/risk-manager +STANDBY/);
        const config = await project.exec(service, 'helios', 'config');
        expect(config).toMatch(/synthetic_seed +4711 +config\/config.ini line 5/);
        expect(config).not.toContain(password);
        const logs = await project.tryExec(service, 'helios', 'logs', '--level', 'error', '--since', '1s');
        expect(logs.stdout + logs.stderr).not.toMatch(/^\s+at /m);
        const refused = await project.tryExec(service, 'helios', 'logs', '--folow');
        expect(refused.code).toBe(2);
        expect(refused.stderr).toContain('“--folow” is not an option of helios logs. The nearest is --follow.');
      },
    );

    it('keeps a generated password out of every log, in a file that only its owner may read', async () => {
      const made = await project.exec('dashboard-api', 'cat', '.helios/dashboard-password');
      expect(made.length).toBeGreaterThanOrEqual(16);
      expect(await project.exec('dashboard-api', 'stat', '-c', '%a', '.helios/dashboard-password')).toBe('600');
      const { stdout } = await project.run(['logs', '--no-color']);
      expect(stdout).not.toContain(made);
      expect(stdout).toContain('cat .helios/dashboard-password');
      const login = await fetch(`http://127.0.0.1:${port}/api/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ password: made }),
      });
      expect(login.status).toBe(200);
    });

    it('runs everything without root', async () => {
      for (const service of ['redis', 'mode-resolver', ...services]) {
        expect(await project.exec(service, 'id', '-u'), service).not.toBe('0');
      }
    });

    it('gives each secret only to its holders', async () => {
      const containers = await project.inspect();
      const holders = (name: string) =>
        Object.entries(containers)
          .filter(([, { Config }]) => Config.Env.some((variable) => variable.startsWith(`${name}=`)))
          .map(([service]) => service);
      expect(holders('BINANCE_API_SECRET')).toEqual(['execution-manager', 'mode-resolver']);
      expect(holders('DASHBOARD_PASSWORD')).toEqual(['dashboard-api']);
      for (const name of ['REDDIT_CLIENT_ID', 'REDDIT_CLIENT_SECRET'])
        expect(holders(name)).toEqual(['reddit-ingestor']);
      expect(holders('REDISCLI_AUTH')).toEqual(['redis']);
    });

    it('has an append-only Redis that never evicts and requires the password, whatever its content', async () => {
      const config = async (name: string) =>
        (await project.exec('redis', 'redis-cli', 'CONFIG', 'GET', name)).split('\n')[1];
      expect(await config('appendonly')).toBe('yes');
      expect(await config('maxmemory-policy')).toBe('noeviction');
      expect(await config('requirepass')).toBe(password);
      expect(await project.exec('redis', 'env', 'REDISCLI_AUTH=', 'redis-cli', 'PING')).toContain('NOAUTH');
      expect(await project.exec('redis', 'sh', '-c', "tr '\\0' ' ' </proc/1/cmdline")).not.toContain('test');
    });

    it('makes decisions, which redis-cli reads without typing a password', async () => {
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
        const read = await project.tryExec('monitoring-agent', 'cat', 'logs/helios.log');
        return read.stdout.includes(record.message);
      });
    });

    it('restarts a killed service', async () => {
      await project.run(['exec', '-T', 'signal-engine', 'sh', '-c', 'kill -9 $(pidof node)']);
      await until('the container restarted', 30_000, async () => {
        return ((await project.inspect())['signal-engine']?.RestartCount ?? 0) > 0;
      });
      await until('healthy again', 60_000, () => project.allHealthy());
    });

    it('accepts a command after Redis lost its data, and the ledger restores the decisions', async () => {
      const ask = (...command: string[]) => project.exec('redis', 'redis-cli', ...command);
      const decided = async () =>
        Number(await ask('LLEN', 'decision_logs')) + Number(await ask('LLEN', 'decision_refusals'));
      const before = await decided();
      expect(before).toBeGreaterThan(0);
      await ask('FLUSHALL');
      await until('a service writes on', 20_000, async () => (await ask('EXISTS', 'heartbeat:signal-engine')) === '1');
      expect(await ask('EXISTS', 'fleet:mode')).toBe('0');
      const restarted = await project.run(['restart', 'mode-resolver'], 60_000);
      expect(restarted.code, restarted.stderr).toBe(0);
      await until('a mode', 60_000, async () => (await ask('EXISTS', 'fleet:mode')) === '1');
      await until('all decisions', 90_000, async () => (await decided()) >= before);
      await until('healthy again', 90_000, () => project.allHealthy());
    }, 300_000);

    it('finds its mode again when all containers start at once, as after a reboot', async () => {
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

    it('stops within ten seconds, without a kill', async () => {
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

    testRefusedSettings(newProject);
  },
);

describe.skipIf(skipped)(`compose in live mode${skipped ? ` (skipped: ${advice})` : ''}`, { timeout: 150_000 }, () =>
  testLiveCompose(image, newProject),
);
