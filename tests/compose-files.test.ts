import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SECRET_HOLDERS } from '@helios/shared/domain/settings/secret-holders.ts';
import { ALL_SETTINGS, SWITCH_NAMES } from '@helios/shared/runtime/config/setting-names.ts';
import { describe, expect, it } from 'vitest';
import { root, services } from './harness/compose-project.ts';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The holders of each secret setting. All services that use Redis know its password. */
const HOLDERS = {
  ...SECRET_HOLDERS,
  // The resolver checks the credentials at the venue.
  'binance.api_key': ['mode-resolver', ...SECRET_HOLDERS['binance.api_key']],
  'binance.api_secret': ['mode-resolver', ...SECRET_HOLDERS['binance.api_secret']],
  'system.redis_password': ['x-settings', 'redis', 'redis-browser'],
  // Compose has its own Redis.
  'system.redis_url': [],
};

/** Name and text of each service in docker-compose.yml, and of each shared block. */
function blocksOf(compose: string): [name: string, block: string][] {
  const blocks = compose.split(/^(?= {2}[a-z][a-z-]*:$|x-[a-z]+:|volumes:$)/m);
  return blocks.map((block) => [/^ *([a-z-]+):/.exec(block)?.[1] ?? '', block]);
}

/** The blocks that use a variable with one of these names from `.env`. */
function holdersIn(compose: string, names: readonly string[]): string[] {
  const holders = blocksOf(compose).filter(([, block]) => names.some((name) => block.includes(`: \${${name}:`)));
  return holders.map(([name]) => name);
}

describe('compose files', () => {
  const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
  const dev = readFileSync(join(root, 'docker-compose.dev.yml'), 'utf8');

  it('have a container for every service, in development too', () => {
    const commands = [...text.matchAll(/^ {4}command: \[node, services\/([a-z-]+)\/src\/main\.ts\]$/gm)];
    expect(commands.map(([, name]) => name).toSorted()).toEqual(services.toSorted());
    for (const name of services) {
      expect(dev).toContain(`command: [node, --watch, services/${name}/src/main.ts]`);
      expect(dev).toContain(`./services/${name}/src:/app/services/${name}/src:ro`);
    }
    expect(dev).toContain('./services/dashboard-api/public:/app/services/dashboard-api/public:ro');
  });

  it('mount the source of every package that a container uses in development', () => {
    const users = [...services.map((name) => `services/${name}`), 'packages/fleet'];
    const used = users.flatMap((folder) => {
      const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
      return Object.keys(manifest.dependencies).flatMap((name) => /^@helios\/(.+)$/.exec(name)?.[1] ?? []);
    });
    expect(used).toContain('shared');
    for (const name of [...used, 'fleet']) expect(dev).toContain(`./packages/${name}/src:/app/packages/${name}/src:ro`);
  });

  it('pin the pnpm of the project and need neither env_file nor BuildKit', () => {
    const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
    expect(dockerfile).toContain('pnpm@11.28.11');
    expect(dockerfile).not.toMatch(/--mount|^# syntax|<<EOF/m);
    expect(text).not.toContain('env_file');
  });

  it('pass the switches only to the resolver, and every secret only to its holder', () => {
    const secrets = ALL_SETTINGS.filter(({ setting }) => setting.secret === true);
    const holders = secrets.map(({ path, environmentNames }) => [path, holdersIn(text, environmentNames)]);
    expect(Object.fromEntries(holders)).toEqual(HOLDERS);
    for (const name of SWITCH_NAMES) expect(holdersIn(text, [name]), name).toEqual(['mode-resolver']);
  });

  it('protect the browser for Redis with its password: every user of the machine reaches its port', () => {
    const [, browser = ''] = blocksOf(text).find(([name]) => name === 'redis-browser') ?? [];
    expect(browser).toMatch(/^ {6}HTTP_USER: helios$/m);
    expect(browser).toMatch(/^ {6}HTTP_PASSWORD: \$\{REDIS_PASSWORD:\?/m);
  });

  it('mount the folder of logs in every service, writable only where logs are written', () => {
    const withLogs = (form: RegExp) => blocksOf(text).flatMap(([name, block]) => (form.test(block) ? [name] : []));
    expect(withLogs(/\blogs:\/app\/logs"/)).toEqual(['execution-manager', 'decision-logger', 'monitoring-agent']);
    expect(withLogs(/\blogs:\/app\/logs\b/).toSorted()).toEqual(['mode-resolver', ...services].toSorted());
  });

  it('show .env itself only to the settings check, which has no network and one capability', () => {
    const sees = blocksOf(text).filter(([, block]) => block.includes('HELIOS_ENV_FILE:-'));
    expect(sees.map(([name]) => name)).toEqual(['settings-check']);
    expect(sees[0]?.[1]).toContain('network_mode: none');
    expect(sees[0]?.[1]).toContain('cap_add: [DAC_READ_SEARCH]');
  });
});
