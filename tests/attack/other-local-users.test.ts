import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceName } from '@helios/shared/domain/fleet.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestFleet } from '../harness/fleet.ts';
import { redisCommand } from '../harness/redis-command.ts';

/**
 * Secrets in the supervisor's environment, and the holders of each. A placeholder counts as no credential, but its name
 * is still secret.
 */
const SECRETS = {
  BINANCE_API_KEY: { value: 'your_api_key_here', holders: [] },
  BINANCE_API_SECRET: { value: 'your_api_secret_here', holders: [] },
  REDDIT_CLIENT_ID: { value: 'reddit-id-77', holders: ['reddit-ingestor'] },
  REDDIT_CLIENT_SECRET: { value: 'reddit-secret-77', holders: ['reddit-ingestor'] },
  AZURE_CONNECTION_STRING: { value: 'InstrumentationKey=77', holders: ['monitoring-agent'] },
} as const;
const FLATTEN = ['XADD', 'operator_commands', '*', 'json', '{"command_id":"stranger","action":"flatten"}'] as const;

/** In a file that all users could read before the start. */
const OPEN_PASSWORD = 'ab'.repeat(24);

let fleet: TestFleet;
beforeAll(async () => {
  fleet = await TestFleet.prepare();
  await leaveOpenFiles(fleet);
  const posts = join(fleet.folder, 'posts.jsonl');
  await writeFile(posts, `${JSON.stringify({ id: 'a', title: 'x', created_utc: 1, comments: [] })}\n`, { mode: 0o600 });
  const secrets = Object.fromEntries(Object.entries(SECRETS).map(([name, { value }]) => [name, value]));
  fleet.launch({ env: { ...secrets, REDDIT_ENABLED: 'true', REDDIT_POSTS_FILE: posts } });
  await fleet.running();
}, 90_000);
afterAll(() => fleet.remove());

/** Folders and files of an earlier version that all users may read. */
async function leaveOpenFiles({ dataDir, logDir }: TestFleet): Promise<void> {
  for (const folder of [dataDir, join(dataDir, 'ledger'), logDir]) {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o755);
  }
  for (const file of [join(dataDir, 'ledger/earlier.txt'), join(logDir, 'decisions-2020-01-01.csv')])
    await writeFile(file, '', { mode: 0o644 });
  await writeFile(join(dataDir, 'redis-password'), `${OPEN_PASSWORD}\n`, { mode: 0o644 });
}

/** Every file and folder below a folder, and the folder itself. */
function everythingIn(folder: string): string[] {
  const below = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return [folder, ...below];
}

const passwordFile = () => join(fleet.dataDir, 'redis-password');
const password = () => readFileSync(passwordFile(), 'utf8').trim();

test('another user of this machine can neither flatten, nor read, nor wipe, nor end the private Redis', async () => {
  for (const command of [
    FLATTEN,
    ['HGETALL', 'fleet:state'],
    ['FLUSHALL'],
    ['SHUTDOWN', 'NOSAVE'],
    ['CONFIG', 'GET', '*'],
  ])
    expect([command[0], await redisCommand(fleet.redisPort, command)]).toEqual([
      command[0],
      '-NOAUTH Authentication required.\r\n',
    ]);
  expect(await redisCommand(fleet.redisPort, ['AUTH', 'guess'])).toMatch(/^-WRONGPASS/);
  expect(await fleet.redis('XLEN', 'operator_commands')).toBe(':0\r\n');
});

test('the password is long, in a file that only the owner reads, and nowhere else', async () => {
  expect(password()).toMatch(/^[0-9a-f]{48}$/);
  expect(lstatSync(passwordFile()).mode & 0o777).toBe(0o600);
  const redisPid = await fleet.up('redis');
  const pids = [redisPid, ...fleet.leftovers()];
  expect(pids.length).toBeGreaterThan(7);
  for (const pid of pids) expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(password());
  const files = everythingIn(fleet.folder).filter((path) => lstatSync(path).isFile());
  expect(files.filter((path) => readFileSync(path).includes(password()))).toEqual([passwordFile()]);
  expect(fleet.said).not.toContain(password());
});

test('our own commands find it', async () => {
  const [cli, status, accounts] = await Promise.all([
    fleet.command('redis-cli.ts', 'HGET', 'fleet:state', 'state'),
    fleet.command('status.ts'),
    fleet.command('account.ts', 'list'),
  ]);
  expect(cli).toEqual({ code: 0, out: 'ACTIVE\n', err: '' });
  expect(status, status.err).toMatchObject({ code: 0, out: expect.stringContaining('signal-engine') });
  // Only Redis has the name of the current run.
  expect(accounts).toMatchObject({ code: 0, out: expect.stringContaining('synthetic:seed:1 *') });
});

test('only the owner reads the files, also those that an earlier version left open, and the start reports it', () => {
  const open = [...everythingIn(fleet.dataDir), ...everythingIn(fleet.logDir)].filter(
    (path) => (lstatSync(path).mode & 0o077) !== 0,
  );
  expect(open).toEqual([]);
  expect(fleet.said).toContain('Other users of this machine had access to 3 folders and 2 files of this fleet');
});

test('each service has exactly the secrets that it needs', async () => {
  const services = [
    'monitoring-agent',
    'decision-logger',
    'signal-engine',
    'dashboard-api',
    'reddit-ingestor',
    'data-ingestor',
  ];
  const holders: Record<string, string[]> = Object.fromEntries(Object.keys(SECRETS).map((name) => [name, []]));
  for (const name of services) {
    const pid = await fleet.up(ServiceName.parse(name));
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    for (const secret of Object.keys(SECRETS))
      if (environment.some((line) => line.startsWith(`${secret}=`))) holders[secret]?.push(name);
    expect(environment).toContain(`REDIS_PASSWORD=${password()}`);
  }
  expect(holders).toEqual(Object.fromEntries(Object.entries(SECRETS).map(([name, of]) => [name, [...of.holders]])));
});

test('an open password file is replaced, and one that is deleted while the fleet runs is rewritten', async () => {
  expect(password()).not.toBe(OPEN_PASSWORD);
  expect(fleet.said).toContain(`Redis: other users could read ${passwordFile()}. Helios made a new password.`);
  const before = password();
  rmSync(passwordFile());
  await eventually('the file is there again', () => existsSync(passwordFile()), 20_000);
  expect(password()).toBe(before);
  expect(lstatSync(passwordFile()).mode & 0o777).toBe(0o600);
  const status = await fleet.command('status.ts');
  expect(status, status.err).toMatchObject({ code: 0, out: expect.stringContaining('signal-engine') });
});

test('the operator sees the dashboard’s new password, and no file contains it', () => {
  const shown = /Password: {2}(\S+)/.exec(fleet.said)?.[1] ?? '';
  expect(shown).toMatch(/^[\w-]{16}$/);
  const files = everythingIn(fleet.folder).filter((path) => lstatSync(path).isFile());
  expect(files.filter((path) => readFileSync(path).includes(shown))).toEqual([]);
});
