import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processBegan, registerSupervisor, runningSupervisor } from '../src/supervisor-file.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'helios-supervisor-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const write = (record: object | string) =>
  writeFileSync(join(dataDir, 'supervisor.json'), typeof record === 'string' ? record : JSON.stringify(record));

describe('processBegan', () => {
  it('tells one process from another, and a process from none', async () => {
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
  it('is known while registered, refuses a second, and is gone after', () => {
    const release = registerSupervisor(dataDir, true);
    expect(runningSupervisor(dataDir)).toMatchObject({ pid: process.pid, detached: true });
    expect(() => registerSupervisor(dataDir, false)).toThrow(/already running \(process \d+[\s\S]*npm stop/);
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
    const release = registerSupervisor(dataDir, false);
    expect(JSON.parse(readFileSync(join(dataDir, 'supervisor.json'), 'utf8'))).toMatchObject({ pid: process.pid });
    release();
  });
});
