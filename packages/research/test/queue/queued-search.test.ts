import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { startTestRedis, type TestRedis } from '@helios/shared/testing/test-redis.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { candlesCsv } from './candles.ts';

const SOURCE = resolve(import.meta.dirname, '../../src');
const children = new Set<ChildProcess>();
let redis: TestRedis;
let folder: string;

beforeAll(async () => {
  redis = await startTestRedis({ password: 'secret' });
  folder = mkdtempSync(join(tmpdir(), 'helios-queued-'));
  for (const name of ['coordinator', 'worker/deep/down', 'empty']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of ['coordinator', 'worker/deep/down'])
    writeFileSync(join(folder, name, 'ABCUSDT-1m.csv'), candlesCsv(5, 'queued search'));
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Command {
  readonly child: ChildProcess;
  /** All that it has printed. */
  output(): string;
}

function start(script: string, ...args: string[]): Command {
  const child = spawn(process.execPath, [join(SOURCE, script), ...args], {
    cwd: folder,
    // Under `npm test` the variable names the folder in which that was typed.
    env: { ...process.env, HELIOS_CWD: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  return { child, output: () => output };
}

const queue = () => ['--queue', `redis://:secret@127.0.0.1:${redis.port}`];

const startWorker = (data: string) =>
  start('queue/worker-command.ts', ...queue(), '--data', data, '--jobs', '1', '--lock-ms', '1000');

function search(name: string, ...more: string[]): Command {
  const data = ['--data', 'coordinator/ABCUSDT-1m.csv', '--from', '2025-01-02'];
  const searched = [
    '--search',
    'signals.nobi_threshold=0.3..0.8',
    '--trials',
    '12',
    '--folds',
    '2',
    '--min-trades',
    '5',
  ];
  return start('optimise.ts', ...data, ...searched, '--store', `store-${name}`, '--json', `${name}.json`, ...more);
}

async function succeeds({ child, output }: Command): Promise<void> {
  if (child.exitCode === null) await once(child, 'exit');
  expect([child.exitCode, output()]).toEqual([0, expect.any(String)]);
}

async function killWhileServing(worker: Command): Promise<void> {
  await eventually('the worker serves the search', () => worker.output().includes('Serving'), 30_000);
  worker.child.kill('SIGKILL');
  await once(worker.child, 'exit');
}

test('three workers, one killed twice, give the same report as threads without a queue', async () => {
  await succeeds(search('alone', '--jobs', '1'));
  const queued = search('queued', ...queue());
  await killWhileServing(startWorker('worker'));
  await killWhileServing(startWorker('worker'));
  const lacking = startWorker('empty');
  const workers = ['worker', 'worker', 'worker'].map(startWorker);
  await succeeds(queued);
  expect(readFileSync(join(folder, 'queued.json'), 'utf8')).toBe(readFileSync(join(folder, 'alone.json'), 'utf8'));
  expect(lacking.output()).toMatch(/needs ABCUSDT-1m.csv .* No folder of --data has it/);
  for (const { child } of workers) child.kill('SIGTERM');
  for (const worker of workers) await succeeds(worker);
}, 120_000);
