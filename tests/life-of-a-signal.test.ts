import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { runInProcess } from '@helios/backtest/run-in-process.ts';
import { createReplaySource } from '@helios/market-data/replay-source.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { writeGeneratedRecording } from '@helios/synthetic-market/write-recording.ts';
import { expect, onTestFinished, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/life-of-a-signal.md'), 'utf8');
const steps = [...page.matchAll(/`((?:packages|services)\/[\w/.-]+\.ts)` · `(\w+)`/g)].map(
  ([, file = '', name = '']) => ({
    file,
    name,
  }),
);

test('the page names existing files and their exports', () => {
  expect(steps.length).toBeGreaterThanOrEqual(20);
  for (const { file, name } of steps) {
    const code = readFileSync(join(root, file), 'utf8');
    expect(code, `${file} exports ${name}`).toMatch(
      new RegExp(`^export (class|function|interface|type|const) ${name}\\b`, 'm'),
    );
  }
});

const flow = readFileSync(join(root, 'docs/data-flow.md'), 'utf8');

test('each path of both pages has at most eight steps', () => {
  const counts = [page, flow].map((text) =>
    text
      .split(/^## /m)
      .slice(1)
      .map((path) => path.match(/^\d+\. /gm)?.length ?? 0),
  );
  expect(counts.map(({ length }) => length)).toEqual([2, 8]);
  for (const count of counts.flat()) expect([count > 0, count <= 8]).toEqual([true, true]);
});

test('the page of all paths names existing files', () => {
  // In brackets a bare name is in the folder of the name before it; the page's top explains `core` and `runtime`.
  const named = [...flow.replace(/\]\([^)]*\)/g, ']').matchAll(/\(([^()]*)\)/g)].flatMap(([, inner = '']) => {
    let folder = '';
    return [...inner.matchAll(/`([\w/.-]+\.(?:ts|mjs))`/g)].map(([, name = '']) => {
      const path = name.includes('/') ? name : join(folder, name);
      folder = dirname(path);
      return path.replace(/^core\//, 'packages/core/src/').replace(/^runtime\//, 'packages/shared/src/runtime/');
    });
  });
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

/** Names of the functions and classes that ran while `work` did. */
async function namesRunBy(work: () => Promise<unknown>): Promise<ReadonlySet<string>> {
  const session = new Session();
  session.connect();
  onTestFinished(() => session.disconnect());
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await work();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const ran = result.flatMap(({ url, functions }) =>
    functions.flatMap(({ functionName, ranges }) =>
      (ranges[0]?.count ?? 0) > 0 ? `${url.replace(/^.*\/((?:packages|services)\/)/, '$1')} ${functionName}` : [],
    ),
  );
  return new Set(ran);
}

test('a market played in one process passes every function that the page names', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'helios-walk-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'market.gz');
  await writeGeneratedRecording({ file, seed: 7, symbols: ['BTCUSDT'], seconds: 240 });
  const settings = defaultSettings({
    simulation: { profile: 'live' },
    signals: { cooldown_sec: 10, edge_gate: 'off', volume_gate: false, vwap_gate: false },
    trend: { enabled: false },
    regime: { enabled: false },
  });
  const source = createReplaySource({ files: [file], onFault: (fault) => expect.unreachable(JSON.stringify(fault)) });
  const ran = await namesRunBy(async () => {
    const { trades } = await runInProcess(source, settings, 'walk');
    expect(trades.length).toBeGreaterThan(0);
  });
  // The parts of the services, and those that write to Redis, do not run in one process.
  const inProcess = steps.filter(({ file: path }) => !path.startsWith('services/') && !path.includes('/publish/'));
  const codeOf = (path: string) => readFileSync(join(root, path), 'utf8');
  const functions = inProcess.filter(({ file: path, name }) => codeOf(path).includes(`export function ${name}(`));
  const classes = inProcess.filter(({ file: path, name }) => codeOf(path).includes(`export class ${name} `));
  expect([functions.length, classes.length]).toEqual([9, 8]);
  expect(functions.filter(({ file: path, name }) => !ran.has(`${path} ${name}`))).toEqual([]);
  // A class without a constructor is visible only by its methods.
  const files = new Set([...ran].filter((name) => !name.endsWith(' ')).map((name) => name.split(' ')[0]));
  expect(classes.filter(({ file: path }) => !files.has(path))).toEqual([]);
});
