import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { freePort } from '@helios/shared/testing/free-port.ts';
import { startTestRedis } from '@helios/shared/testing/test-redis.ts';
import { expect, onTestFinished, test } from 'vitest';
import { keepRedisPassword } from './keep-redis-password.ts';
import { ensureRedisPassword, readRedisPassword, redisPasswordFile, withKeptPassword } from './redis-password.ts';

function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'helios-password-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const quiet = (line: string): void => expect.unreachable(`unexpected line: ${line}`);

test('the password is made once, in a file that only the owner can read', () => {
  const folder = join(dataFolder(), 'data');
  expect(readRedisPassword(folder)).toBeUndefined();
  const made = ensureRedisPassword(folder, quiet);
  expect(made).toMatch(/^[0-9a-f]{48}$/);
  expect(statSync(redisPasswordFile(folder)).mode & 0o777).toBe(0o600);
  expect(ensureRedisPassword(folder, quiet)).toBe(made);
  expect(readRedisPassword(folder)).toBe(made);
});

test.each([
  ['that others could read', (file: string) => chmodSync(file, 0o640), /other users could read .*redis-password/],
  ['with a cut-off password', (file: string) => writeFileSync(file, 'abc'), /redis-password is damaged/],
])('a file %s gets a new password, and a line reports it', (_, harm, said) => {
  const folder = dataFolder();
  const made = ensureRedisPassword(folder, quiet);
  harm(redisPasswordFile(folder));
  const lines: string[] = [];
  const next = ensureRedisPassword(folder, (line) => void lines.push(line));
  expect(next).not.toBe(made);
  expect(readFileSync(redisPasswordFile(folder), 'utf8')).toBe(`${next}\n`);
  expect(statSync(redisPasswordFile(folder)).mode & 0o777).toBe(0o600);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(said);
});

test.each([
  ['deleted', (file: string) => rmSync(file)],
  ['emptied', (file: string) => writeFileSync(file, '')],
  ['overwritten with another', (file: string) => writeFileSync(file, `${'0'.repeat(48)}\n`)],
])('a file that is %s while the fleet runs gets the same password again', async (_, harm) => {
  const folder = dataFolder();
  const made = ensureRedisPassword(folder, quiet);
  const lines: string[] = [];
  onTestFinished(keepRedisPassword(folder, made, (line) => void lines.push(line), 10));
  const file = redisPasswordFile(folder);
  harm(file);
  await eventually('the password is there again', () => readRedisPassword(folder) === made);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['redis-password']);
  expect(lines).toEqual([
    `Redis: ${file} was missing or changed. Helios wrote the password of the running Redis to it again.`,
  ]);
});

test('if the file cannot be written, one line names the way out', async () => {
  const folder = join(dataFolder(), 'data');
  const made = ensureRedisPassword(folder, quiet);
  rmSync(folder, { recursive: true });
  const lines: string[] = [];
  onTestFinished(keepRedisPassword(folder, made, (line) => void lines.push(line), 10));
  await eventually('a line is shown', () => lines.length > 0);
  await pause(100);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(
    /^warning: .*redis-password is missing or changed, and Helios cannot write it \(ENOENT.*npm stop, then npm start/,
  );
});

test('the kept password goes only to a Redis of this machine that asks for one, and never replaces a configured one', async () => {
  const folder = dataFolder();
  const made = ensureRedisPassword(folder, quiet);
  const passwordAt = async (redis_port: number, more: object = {}) =>
    (await withKeptPassword({ ...defaultSettings().system, redis_port, ...more }, folder)).redis_password;
  const asking = await startTestRedis({ password: made });
  onTestFinished(() => asking.stop());
  const open = await startTestRedis();
  onTestFinished(() => open.stop());
  expect(await passwordAt(asking.port)).toBe(made);
  expect(await passwordAt(open.port)).toBe('');
  expect(await passwordAt(asking.port, { redis_password: 'of mine' })).toBe('of mine');
  expect(await passwordAt(asking.port, { redis_host: '192.0.2.1' })).toBe('');
  expect(await passwordAt(asking.port, { redis_tls: true })).toBe('');
});

/** A program of the user `nobody` that poses as a Redis with a password and prints what it receives. */
const SQUATTER = `
  process.setegid(65534);
  process.seteuid(65534);
  require('node:net')
    .createServer((socket) => socket.on('data', (said) => (process.stdout.write(said), socket.write('-NOAUTH Authentication required.\\r\\n'))))
    .listen(Number(process.argv[1]), '127.0.0.1', () => process.stdout.write('listens '));`;

test.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)(
  'another user’s program that took the port while Redis was down does not get the password',
  async () => {
    const folder = dataFolder();
    const made = ensureRedisPassword(folder, quiet);
    const redis_port = await freePort();
    const squatter = spawn(process.execPath, ['-e', SQUATTER, String(redis_port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(async () => {
      squatter.kill('SIGKILL');
      await once(squatter, 'exit');
    });
    let heard = '';
    squatter.stdout.setEncoding('utf8').on('data', (text) => (heard += text));
    await eventually('it listens', () => heard.includes('listens'));
    const system = { ...defaultSettings().system, redis_port };
    await expect(withKeptPassword(system, folder)).rejects.toThrow(
      /program of another user \(id 65534\).*did not send the kept password/,
    );
    await eventually('its PING arrives', () => heard.includes('PING'));
    expect(heard).not.toContain(made);
  },
);
