import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { ALL_SETTINGS, SWITCH_NAMES } from '@helios/shared/runtime/config/setting-names.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { composeWithSettings } from './compose-settings.ts';
import { configTemplate } from './config-template.ts';
import { configurationPage } from './configuration-page.ts';
import { dotenvExample } from './dotenv-example.ts';
import { GENERATED_FILES } from './generated-files.ts';

const project = resolve(import.meta.dirname, '../../../..');
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'helios-docs-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

function generate(...args: string[]) {
  const cli = join(import.meta.dirname, 'generate-docs.ts');
  return spawnSync(process.execPath, [cli, root, ...args], { encoding: 'utf8' });
}

describe('generated files', () => {
  it.each(Object.keys(GENERATED_FILES))('%s matches the code', (file) => {
    const present = readFileSync(join(project, file), 'utf8');
    expect(present, 'run "npm run docs" and commit the result').toBe(GENERATED_FILES[file]?.(present));
  });

  it('the check names a file that differs and fails; writing repairs it', () => {
    for (const file of Object.keys(GENERATED_FILES)) write(file, readFileSync(join(project, file), 'utf8'));
    write('docs/configuration.md', 'something else');
    const before = generate('--check');
    expect(before.status).toBe(1);
    expect(before.stderr).toContain('docs/configuration.md');
    expect(generate().status).toBe(0);
    expect(generate('--check').status).toBe(0);
  });
});

describe('template', () => {
  it('loads without changes and gives only defaults', () => {
    write('config/config.ini', configTemplate());
    expect(loadSettings({ env: {}, root }).settings).toEqual(
      loadSettings({ env: {}, root: join(root, 'none') }).settings,
    );
  });

  it('names the venue’s present taker fee', () => {
    expect(configTemplate()).toMatch(/0\.05 %[^\n]*\n *taker_fee = 0\.0004\n/);
  });
});

describe('.env.example', () => {
  it('loads without changes: allows public mode only, and holds no default password', () => {
    write('.env', dotenvExample());
    const { settings, switches } = loadSettings({ env: {}, root });
    expect(switches).toEqual({ allowPublicMode: true, allowSynthetic: false, liveTradingConfirm: undefined });
    expect(settings.system.redis_password).toBe('');
    expect(settings.binance.api_key).toBe('');
  });

  it('contains every switch and every short name once', () => {
    const names = dotenvExample()
      .split('\n')
      .flatMap((line) => /^([A-Z_]+)=/.exec(line)?.[1] ?? []);
    const short = ALL_SETTINGS.flatMap(({ setting }) => setting.env ?? []);
    expect(names).toEqual([...SWITCH_NAMES, ...short]);
  });
});

describe('docs/configuration.md', () => {
  it('has a row for every setting with its names', () => {
    const page = configurationPage();
    for (const { key, environmentNames } of ALL_SETTINGS) {
      const names = environmentNames.map((name) => `\`${name}\``).join(' ');
      expect(page).toMatch(new RegExp(`^\\| \`${key}\` .*\\| ${names} \\|$`, 'm'));
    }
  });
});

describe('docker-compose.yml', () => {
  it('passes on every setting under every name, except secrets and places inside the container', () => {
    const block = composeWithSettings('a\n  # Generated from here …\nold\n  # … to here by "npm run docs".\nb');
    const names = [...block.matchAll(/^ {2}([A-Z_]+): \$\{\1:-\}$/gm)].map(([, name]) => name);
    const fixed = [
      'system.redis_host',
      'system.redis_port',
      'system.redis_username',
      'system.redis_tls',
      'system.redis_tls_ca',
      'system.data_dir',
      'system.log_dir',
      'recording.folder',
      'dashboard.host',
      'dashboard.port',
    ];
    const expected = ALL_SETTINGS.filter(({ path, setting }) => setting.secret !== true && !fixed.includes(path));
    const handedOn = ({ environmentNames, formerNames }: (typeof expected)[number]) => [
      ...environmentNames,
      ...formerNames.map(({ environmentName }) => environmentName),
    ];
    expect(names).toEqual(expected.flatMap(handedOn));
    expect(names).toContain('SIMULATION_POSITION_SIZE');
    expect(names).not.toContain('BINANCE_API_SECRET');
    expect(block.startsWith('a\n')).toBe(true);
    expect(block.endsWith('\nb')).toBe(true);
    expect(block).not.toContain('old');
    expect(composeWithSettings(block)).toBe(block);
  });

  it('names the missing marks', () => {
    expect(() => composeWithSettings('services:')).toThrow(/lacks the lines/);
  });
});

describe('npm run config', () => {
  const print = (env: NodeJS.ProcessEnv) =>
    spawnSync(process.execPath, [join(import.meta.dirname, '../print-config.ts')], {
      encoding: 'utf8',
      env: { ...env, HELIOS_SETTINGS_DIR: root },
    });

  it('prints values with their origins and no secret', () => {
    write('.env', 'DASHBOARD_PASSWORD=open-sesame\n');
    const { status, stdout } = print({ LEVERAGE: '9' });
    expect(status).toBe(0);
    expect(stdout).toMatch(/leverage +9 +environment LEVERAGE/);
    expect(stdout).toMatch(/password +\*{8} +\.env DASHBOARD_PASSWORD line 1/);
    expect(stdout).not.toContain('open-sesame');
  });

  it('prints all faults and fails', () => {
    write('config/config.ini', '[trading]\nleverage = many\n[fee]\n');
    const { status, stderr } = print({});
    expect(status).toBe(1);
    expect(stderr).toContain('2 faults in the settings:');
    expect(stderr).toContain('config/config.ini line 2');
    expect(stderr).toContain('config/config.ini line 3');
  });
});
