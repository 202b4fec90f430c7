import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandLineError } from '@helios/shared/runtime/cli/command-line.mjs';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { SettingsError } from '@helios/shared/runtime/config/settings-error.ts';
import { IMBALANCE_ALONE_ENVIRONMENT } from '@helios/shared/testing/imbalance-alone.ts';
import { settingsFolder } from '@helios/shared/testing/settings-folder.ts';
import { writeGeneratedRecording } from '@helios/synthetic-market/write-recording.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { madeFolder } from '../../core/test/model/made-model.ts';
import { readBacktestOptions } from './backtest-options.ts';
import { openData } from './data/open-data.ts';
import { reportOf } from './report/make-reports.ts';
import { textReport } from './report/text-report.ts';
import { playBacktest, runBacktest } from './run-backtest.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-backtest-'));
const FILE = join(folder, 'generated.gz');
const MODEL = join(folder, 'model');

beforeAll(async () => {
  mkdirSync(MODEL);
  await writeGeneratedRecording({ file: FILE, seed: 7, symbols: ['BTCUSDT'], seconds: 240 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const optionsOf = (...args: string[]) =>
  readBacktestOptions(readCommandLine('backtest', args), {
    cwd: folder,
    root: settingsFolder(),
    env: IMBALANCE_ALONE_ENVIRONMENT,
    nowMs: Date.UTC(2026, 0, 1),
  });

describe('a backtest of a generated recording', () => {
  test('gives the same result twice, and trades', async () => {
    const first = await runBacktest(optionsOf('--data', 'generated.gz'));
    const second = await runBacktest(optionsOf('--data', 'generated.gz'));
    expect(second).toEqual(first);
    expect(first.trades.length).toBeGreaterThan(0);
    expect(textReport(reportOf(first))).toMatch(new RegExp(`Trades +${first.trades.length}\\n`));
    const minutes = (first.lastTs - first.firstTs) / 60_000;
    expect(first.prices.get('BTCUSDT')?.length).toBeGreaterThanOrEqual(Math.floor(minutes));
  });

  test.each(['HF_MARKET', 'HF_LIMIT'])('trades alike whether refusals are recorded or not, %s', async (mode) => {
    const gates = [
      'signals.cooldown_sec=3',
      'signals.confirmation_count=2',
      'risk.max_hold_sec=5',
      'signals.edge_gate=off',
    ];
    const set = ['--mode', mode, '--set', 'reasons.enabled=IMBALANCE', ...gates.flatMap((gate) => ['--set', gate])];
    const options = optionsOf('--data', 'generated.gz', ...set);
    const data = await openData(options);
    const recorded = await playBacktest(data, options);
    const { refusals, ...alike } = await playBacktest(data, options, { recordsRefusals: false });
    expect(refusals).toEqual([]);
    expect(alike).toEqual({ ...recorded, refusals: undefined });
    const refusing = recorded.refusals.map(({ gates }) => gates?.find(({ outcome }) => outcome === 'REFUSED')?.gate);
    expect(new Set(refusing).size).toBeGreaterThan(2);
    expect(recorded.trades.length).toBeGreaterThan(5);
  });

  test('--model judges each candidate, and --model none asks nobody', async () => {
    const set = (...changes: string[]) => changes.flatMap((change) => ['--set', change]);
    const open = set('reasons.enabled=IMBALANCE', 'signals.edge_gate=off', 'risk.min_target_costs=0');
    const eager = [...open, ...set('signals.cooldown_sec=3', 'signals.confirmation_count=1', 'risk.max_hold_sec=5')];
    const play = (...args: string[]) => runBacktest(optionsOf('--data', 'generated.gz', ...eager, ...args));
    const drift = { decisions: 1_000, max_share: 1 };
    for (const file of madeFolder({ max_out_of_range: 1, trained_ts: 0, expires_ts: Date.UTC(2030, 0), drift }))
      writeFileSync(join(MODEL, file.name), file.text ?? '');
    const without = await play('--model', 'none');
    const judged = await play('--model', 'model');
    const strict = await play('--model', 'model', ...set('signals.ml_confidence_threshold=0.9'));
    const asReason = await play('--model', 'model', ...set('reasons.enabled=MODEL'));
    expect(() => optionsOf('--data', 'generated.gz', '--model', 'none', ...set('reasons.enabled=MODEL'))).toThrow(
      /no model to ask. Name the folder of a model/,
    );
    const opened = ({ decisions }: typeof judged) => decisions.filter(({ outcome }) => outcome === 'OPENED');
    expect(opened(without).map(({ model }) => model)).toContain('none');
    expect(opened(judged).map(({ model }) => model)).toContain('made-1');
    expect(opened(asReason).map(({ entry_reason }) => entry_reason)).toContain('MODEL');
    expect(opened(strict)).toEqual([]);
    expect(strict.refusals.map(({ refused_by }) => refused_by)).toContain('ML_CONFIDENCE');
  });

  test('enters only between --from and --to', async () => {
    const whole = await runBacktest(optionsOf('--data', 'generated.gz'));
    const from = whole.firstTs + 100_000;
    const to = whole.firstTs + 200_000;
    const iso = (ts: number) => new Date(ts).toISOString();
    const part = await runBacktest(optionsOf('--data', 'generated.gz', '--from', iso(from), '--to', iso(to)));
    expect(part.decisions.length).toBeGreaterThan(0);
    for (const { timestamp } of [...part.decisions, ...part.refusals]) {
      expect(timestamp).toBeGreaterThanOrEqual(from);
      expect(timestamp).toBeLessThanOrEqual(to);
    }
  });

  test('holds no setting that may be a secret', async () => {
    const options = optionsOf('--data', 'generated.gz', '--set', 'binance.api_secret=hidden', '--mode', 'LF_MARKET');
    expect(JSON.stringify(options)).toContain('hidden');
    const result = await runBacktest(options);
    expect(JSON.stringify(result)).not.toContain('hidden');
    expect(result.changed).toEqual({ 'simulation.mode': 'LF_MARKET' });
  });

  test('follows --set, --mode and --profile', async () => {
    const { settings, changed } = optionsOf(
      ...['--data', 'a', '--mode', 'HF_LIMIT', '--profile', 'live', '--set', 'signals.nobi_threshold=0.5'],
    );
    expect(settings.simulation).toMatchObject({ mode: 'HF_LIMIT', profile: 'live' });
    expect(settings.signals.nobi_threshold).toBe(0.5);
    expect(changed).toEqual({
      'signals.nobi_threshold': '0.5',
      'simulation.mode': 'HF_LIMIT',
      'simulation.profile': 'live',
    });
  });
});

test.each([
  [[], /Name the recordings/],
  [['--data', 'a', '--set', 'signals.nobi_treshold=1'], /The nearest is signals.nobi_threshold/],
  [['--data', 'a', '--set', 'signals.nobi_threshold'], /needs section.key=value/],
  [['--data', 'a', '--set', 'signals.max_vwap_distance_atr=3'], /is now signals.max_vwap_distance_sigma/],
  [['--data', 'a', '--from', '2026-01-02', '--to', '2026-01-01'], /earlier/],
  [['--data', 'a', '--market', 'coinm'], /usdm or spot/],
])('refuses %j', (args, message) => {
  expect(() => optionsOf(...args)).toThrow(CommandLineError);
  expect(() => optionsOf(...args)).toThrow(message);
});

test('refuses a value that the setting does not take', () => {
  expect(() => optionsOf('--data', 'a', '--mode', 'FAST')).toThrow(SettingsError);
  expect(() => optionsOf('--data', 'a', '--mode', 'FAST')).toThrow('  --mode: simulation.mode: "FAST"');
  const obey = () => optionsOf('--data', 'a', '--set', 'signals.edge_gate=obey');
  expect(obey).toThrow('  --set signals.edge_gate: signals.edge_gate: "obey" is not one of');
});
