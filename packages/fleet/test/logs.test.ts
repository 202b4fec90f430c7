import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder: string;
let log: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'helios-logs-'));
  mkdirSync(join(folder, 'logs'));
  log = join(folder, 'logs/helios.log');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const AT = Date.UTC(2026, 10, 28, 20, 0, 0);
const line = (second: number, level: string, service: string, message: string) =>
  `${JSON.stringify({ ts: AT + second * 1_000, level, service, message })}\n`;

function logs(...args: string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../src/show-logs.ts'), ...args], {
    env: { ...process.env, HELIOS_SETTINGS_DIR: folder, SYSTEM_LOG_DIR: join(folder, 'logs') },
  });
  children.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  return { child, text: () => text, ended: once(child, 'close').then(([code]) => code as number) };
}

async function shown(...args: string[]): Promise<string[]> {
  const { ended, text } = logs(...args);
  expect(await ended, text()).toBe(0);
  return text().trimEnd().split('\n');
}

test('shows rotated files and the present one, oldest first, times in ISO', async () => {
  writeFileSync(`${log}.2`, line(1, 'INFO', 'fleet', 'one'));
  writeFileSync(`${log}.1`, line(2, 'WARN', 'redis', 'two'));
  writeFileSync(log, line(3, 'DEBUG', 'signal-engine', 'three'));
  expect(await shown()).toEqual([
    '2026-11-28T20:00:01.000Z INFO  fleet: one',
    '2026-11-28T20:00:02.000Z WARN  redis: two',
    '2026-11-28T20:00:03.000Z DEBUG signal-engine: three',
  ]);
  expect(await shown('--lines', '1')).toEqual(['2026-11-28T20:00:03.000Z DEBUG signal-engine: three']);
  expect(await shown('--raw', '--level', 'warn')).toEqual([line(2, 'WARN', 'redis', 'two').trimEnd()]);
  expect(await shown('--service', 'fleet', '--service', 'redis', '--since', '2026-11-28T20:00:02')).toEqual([
    '2026-11-28T20:00:02.000Z WARN  redis: two',
  ]);
});

test('a pipe gets every line of a long log', async () => {
  const lines = 5_000;
  writeFileSync(
    log,
    Array.from({ length: lines }, (_, i) => line(i, 'INFO', 'fleet', `line ${i} ${'x'.repeat(100)}`)).join(''),
  );
  const shownLines = await shown('--lines', String(lines));
  expect(shownLines).toHaveLength(lines);
  expect(shownLines.at(-1)).toContain(`line ${lines - 1} `);
});

test('ends silently when the reader closes the pipe', async () => {
  writeFileSync(log, Array.from({ length: 5_000 }, (_, i) => line(i, 'INFO', 'fleet', 'x'.repeat(100))).join(''));
  const { child, ended, text } = logs('--lines', '5000', '--raw');
  child.stdout.once('data', () => child.stdout.destroy());
  expect(await ended).toBe(0);
  expect(text()).not.toMatch(/EPIPE|Error/);
});

test('--follow continues across a rotation and shows no line twice', async () => {
  writeFileSync(log, line(1, 'INFO', 'fleet', 'past') + line(1, 'DEBUG', 'fleet', 'quiet'));
  const { child, text, ended } = logs('--follow', '--level', 'info');
  await eventually('the past', () => text().includes('past'));
  appendFileSync(log, line(2, 'INFO', 'fleet', 'new'));
  await eventually('the new line', () => text().includes('new'));
  appendFileSync(log, line(3, 'INFO', 'fleet', 'last of the old file'));
  renameSync(log, `${log}.1`);
  writeFileSync(log, line(4, 'INFO', 'fleet', 'first of the next'));
  await eventually('the next file', () => text().includes('first of the next'));
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  const messages = text()
    .trimEnd()
    .split('\n')
    .map((shownLine) => shownLine.split('fleet: ')[1]);
  expect(messages).toEqual(['past', 'new', 'last of the old file', 'first of the next']);
});

test.each([
  [['--level', 'warning'], 2, '--level: “warning” does not exist. The nearest is WARN.'],
  [['--level', 'loud'], 2, '--level: “loud” does not exist. All: DEBUG, INFO,'],
  [['--service', 'signal-engin'], 2, 'The nearest is signal-engine.'],
  [['--since', 'noon'], 2, '--since must be a time such as'],
  [[], 1, 'There is no log at'],
])('%j ends with %i and a way out', async (args, code, words) => {
  const { ended, text } = logs(...args);
  expect(await ended).toBe(code);
  expect(text()).toContain(words);
  expect(text()).not.toMatch(/^\s+at /m);
});
