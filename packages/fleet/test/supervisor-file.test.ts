import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { processBegan, registerSupervisor, runningSupervisor, withRedisOfFleet } from '../src/supervisor-file.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'helios-supervisor-'));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(dataDir, { recursive: true });
});

const file = () => join(dataDir, 'supervisor.json');

const write = (record: object | string) =>
  writeFileSync(file(), typeof record === 'string' ? record : JSON.stringify(record));

describe('processBegan', () => {
  it('differs between processes, and is undefined without a process', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    const pid = child.pid ?? 0;
    const began = processBegan(pid);
    expect(began).toBeDefined();
    expect(processBegan(pid)).toBe(began);
    expect(processBegan(process.pid)).not.toBe(began);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(processBegan(pid)).toBeUndefined();
  });
});

describe('registerSupervisor', () => {
  it('is found while registered, refuses a second supervisor, and is gone afterwards', () => {
    const release = registerSupervisor(dataDir, true, defaultSettings());
    expect(runningSupervisor(dataDir)).toMatchObject({ pid: process.pid, detached: true });
    expect(() => registerSupervisor(dataDir, false, defaultSettings())).toThrow(
      /already running \(process \d+[\s\S]*npm stop/,
    );
    release();
    expect(runningSupervisor(dataDir)).toBeUndefined();
  });

  it.each([
    ['a process that is gone', { pid: 2 ** 22 + 1, began: 'then', started_ts: 1, detached: false }],
    ['a process id that another process has now', { pid: process.pid, began: 'then', started_ts: 1, detached: false }],
    ['a file that was cut off', '{"pid":'],
    ['an empty file', ''],
  ])('takes over from %s', (_, left) => {
    write(left);
    expect(runningSupervisor(dataDir)).toBeUndefined();
    const release = registerSupervisor(dataDir, false, defaultSettings());
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ pid: process.pid });
    release();
  });

  it.each([
    ['deleted', () => rmSync(file())],
    ['emptied', () => write('')],
  ])('writes its file again after it was %s', (_, spoil) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const release = registerSupervisor(dataDir, true, defaultSettings());
    const before = readFileSync(file(), 'utf8');
    spoil();
    vi.advanceTimersByTime(3_000);
    expect(readFileSync(file(), 'utf8')).toBe(before);
    release();
    vi.advanceTimersByTime(60_000);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('never removes the file of another running supervisor', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const release = registerSupervisor(dataDir, false, defaultSettings());
    const other = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    const pid = other.pid ?? 0;
    write({ pid, began: processBegan(pid), started_ts: 1, detached: false });
    vi.advanceTimersByTime(60_000);
    release();
    expect(runningSupervisor(dataDir)).toMatchObject({ pid });
    other.kill('SIGKILL');
    await once(other, 'exit');
  });
});

describe('withRedisOfFleet', () => {
  const { system } = defaultSettings({ system: { redis_port: 7_001, redis_password: 'of the shell' } });
  let said: string[];
  beforeEach(() => {
    said = [];
  });
  const found = () => withRedisOfFleet(system, dataDir, (line) => said.push(line));

  it('is the Redis that the running fleet uses, and the file holds no password', () => {
    const fleet = defaultSettings({ system: { redis_port: 7_002, redis_db: 3, redis_password: 'of the fleet' } });
    const release = registerSupervisor(dataDir, false, fleet);
    expect(found()).toEqual({ ...system, redis_port: 7_002, redis_db: 3 });
    expect(said).toEqual([
      'The fleet of this folder uses the Redis at 127.0.0.1:7002, database 3. This command uses it too and ignores the settings (127.0.0.1:7001, database 0).',
    ]);
    expect(readFileSync(file(), 'utf8')).not.toContain('of the fleet');
    release();
  });

  it('is that of the settings if no fleet runs, or if an earlier version wrote the file', () => {
    expect(found()).toEqual(system);
    write({ pid: process.pid, began: processBegan(process.pid), started_ts: 1, detached: false });
    expect(found()).toEqual(system);
    expect(said).toEqual([]);
  });
});
