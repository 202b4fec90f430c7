import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBacktestOptions } from '@helios/backtest/backtest-options.ts';
import { runBacktest } from '@helios/backtest/run-backtest.ts';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { IMBALANCE_ALONE_ENVIRONMENT } from '@helios/shared/testing/imbalance-alone.ts';
import { settingsFolder } from '@helios/shared/testing/settings-folder.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CachedRunner } from '../src/cache/cached-runner.ts';
import { TrialCache } from '../src/cache/trial-cache.ts';
import { codeHash } from '../src/code-hash.ts';
import { FileHashes } from '../src/file-hashes.ts';
import { TrialDataChanged } from '../src/opened-data.ts';
import { runTrial } from '../src/run-trial.ts';
import { ThreadRunner } from '../src/threads/thread-runner.ts';
import { type Trial, TrialResult, trialOf } from '../src/trial.ts';
import { SearchStopped } from '../src/trial-runner.ts';
import { planOf } from './inline-search.ts';
import { writeCandles } from './made-candles.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-trials-'));
const FILE = join(folder, 'EDGEUSDT-1m.csv');
const ARGS = ['--data', FILE, '--set=trend.enabled=false', '--latency-ms=200', '--partial-fills'];
let trial: Trial;

beforeAll(() => writeCandles({ file: FILE, seed: 3, days: 1, edgeBp: 5 }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function madeTrial(...args: string[]): Promise<Trial> {
  const { base, data, codeHash: code } = await planOf([...ARGS, ...args, '--search=signals.nobi_threshold']);
  return trialOf({ ...base, 'signals.nobi_threshold': '0.6' }, data, code);
}

test('a trial is npm run backtest with the same options, here, in a thread, and from JSON', async () => {
  trial = await madeTrial();
  const here = await runTrial(trial);
  const runner = new ThreadRunner(2);
  const there = await Promise.all([runner.run(trial), runner.run(trial), runner.run(trial)]);
  await runner.close();
  for (const result of there) expect(result).toEqual(here);
  expect(TrialResult.parse(JSON.parse(JSON.stringify(here)))).toEqual(here);

  const from = new Date(trial.data.fromTs).toISOString();
  const line = readCommandLine('backtest', [...ARGS, '--set=signals.nobi_threshold=0.6', `--from=${from}`]);
  const options = readBacktestOptions(line, {
    cwd: '/',
    root: settingsFolder(),
    env: IMBALANCE_ALONE_ENVIRONMENT,
    nowMs: 0,
  });
  const { trades } = await runBacktest(options);
  if (here.kind !== 'PLAYED') throw new Error('not played');
  expect(here.trades.entryTs.length).toBeGreaterThan(3);
  expect(here.trades.exitTs).toEqual(trades.map(({ exit_ts }) => exit_ts));
  expect(here.trades.net).toEqual(trades.map(({ realized_pnl }) => realized_pnl));
});

test('the id changes with settings, data, options and code, and with nothing else', async () => {
  const { settings, data } = trial;
  const code = codeHash();
  expect(trialOf(Object.fromEntries(Object.entries(settings).toReversed()), data, code).id).toBe(trial.id);
  const elsewhere = data.files.map((file) => ({ ...file, path: `/other/place/EDGEUSDT-1m.csv` }));
  expect(trialOf(settings, { ...data, files: elsewhere }, code).id).toBe(trial.id);
  const others = [
    trialOf({ ...settings, 'risk.atr_period': '9' }, data, code),
    trialOf(settings, { ...data, options: {} }, code),
    trialOf(settings, { ...data, toTs: data.toTs - 1 }, code),
    trialOf(settings, { ...data, files: data.files.map((file) => ({ ...file, sha256: 'x' })) }, code),
    trialOf(settings, data, 'x'),
  ];
  expect(new Set([trial.id, ...others.map(({ id }) => id)]).size).toBe(6);
});

test('settings that contradict each other are a result, and a changed file is an error', async () => {
  const wrong = trialOf({ ...trial.settings, 'trend.ema_fast': '50', 'trend.ema_slow': '10' }, trial.data, 'code');
  expect(await runTrial(wrong)).toMatchObject({ kind: 'INVALID', faults: [expect.stringContaining('must be below')] });
  const files = trial.data.files.map((file) => ({ ...file, sha256: 'other' }));
  await expect(runTrial({ ...trial, data: { ...trial.data, files } })).rejects.toThrow(TrialDataChanged);
});

test('a closed runner ends what waits and takes nothing more', async () => {
  const runner = new ThreadRunner(1);
  const waiting = [runner.run(trial), runner.run(trial)].map((result) => result.catch((error: unknown) => error));
  await runner.close();
  for (const end of await Promise.all(waiting)) expect(end).toBeInstanceOf(SearchStopped);
  await expect(runner.run(trial)).rejects.toThrow(SearchStopped);
});

const result = (id: string): TrialResult => ({ kind: 'INVALID', id, faults: [`of ${id}`] });
const idOf = (n: number) => `${n}`.padStart(32, '0');

test('stored results are served, torn and foreign ones are played again', async () => {
  const place = join(folder, 'store');
  let plays = 0;
  const searchOnce = async () => {
    const play = async ({ id }: Trial) => {
      plays += 1;
      return result(id);
    };
    const runner = new CachedRunner({ run: play, close: async () => {} }, new TrialCache(place));
    for (const n of [1, 2, 3, 3]) expect(await runner.run({ ...trial, id: idOf(n) })).toEqual(result(idOf(n)));
    return runner.counts;
  };
  expect(await searchOnce()).toMatchObject({ served: 0, played: 3, damaged: 0 });
  expect(await searchOnce()).toMatchObject({ served: 3, played: 0, damaged: 0 });
  const files = readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.gz'));
  const [first = '', second = ''] = files.map((name) => join(place, name)).sort();
  const whole = readFileSync(first);
  writeFileSync(first, whole.subarray(0, whole.length - 9));
  writeFileSync(second, whole);
  expect(await searchOnce()).toMatchObject({ served: 1, played: 2, damaged: 2 });
  expect(await searchOnce()).toMatchObject({ served: 3, played: 0, damaged: 0 });
  expect(plays).toBe(5);
});

test('a failure is not stored, and a full disk ends no search', async () => {
  const failed: TrialResult = { kind: 'FAILED', id: idOf(9), reason: 'no worker' };
  const cache = new TrialCache(join(folder, 'failures'));
  const runner = new CachedRunner({ run: async () => failed, close: async () => {} }, cache);
  expect(await runner.run({ ...trial, id: idOf(9) })).toEqual(failed);
  expect(await cache.read(idOf(9))).toBeUndefined();
  // A file where the folder should be fails as a full disk does.
  writeFileSync(join(folder, 'taken'), '');
  const full = new CachedRunner(
    { run: async ({ id }) => result(id), close: async () => {} },
    new TrialCache(join(folder, 'taken', 'deeper')),
  );
  expect(await full.run({ ...trial, id: idOf(1) })).toEqual(result(idOf(1)));
  expect(full.counts.problem).toMatch(/ENOTDIR/);
});

test('the least recently used results go first', async () => {
  const place = join(folder, 'small');
  const cache = new TrialCache(place);
  for (const n of [1, 2, 3]) await cache.write(result(idOf(n)));
  const size = await cache.prune(1e6, Date.now());
  expect(size.entries).toBe(3);
  for (const n of [1, 2, 3]) utimesSync(join(place, '00', `${idOf(n)}.json.gz`), n, n);
  await cache.read(idOf(1));
  expect((await cache.prune((size.bytes * 2) / 3 + 1, Date.now())).entries).toBe(2);
  expect(await cache.read(idOf(2))).toBeUndefined();
  expect(await cache.read(idOf(1))).toEqual(result(idOf(1)));
});

test('the hash of a file is computed once, and again after any write', async () => {
  const [file, kept] = [join(folder, 'data.csv'), join(folder, 'hashes.json')];
  writeFileSync(file, 'one');
  utimesSync(file, 1_000, 1_000);
  const hashes = new FileHashes();
  const one = await hashes.of(file);
  await hashes.save(kept);
  const later = new FileHashes();
  await later.load(kept);
  // What is kept is not computed again.
  writeFileSync(kept, readFileSync(kept, 'utf8').replace(one, 'f'.repeat(64)));
  const trusting = new FileHashes();
  await trusting.load(kept);
  expect(await trusting.of(file)).toBe('f'.repeat(64));
  // Another content of the same size and time, as copies that keep times have it.
  writeFileSync(file, 'two');
  utimesSync(file, 1_000, 1_000);
  expect(await later.of(file)).not.toBe(one);
  writeFileSync(kept, '{"torn');
  await expect(new FileHashes().load(kept)).resolves.toBeUndefined();
});
