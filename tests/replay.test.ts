import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openData } from '@helios/backtest/data/open-data.ts';
import { NO_LATENCY } from '@helios/backtest/models/order-latency.ts';
import { playBacktest } from '@helios/backtest/run-backtest.ts';
import { runInProcess } from '@helios/backtest/run-in-process.ts';
import { createReplaySource } from '@helios/market-data/replay-source.ts';
import { trainingRows } from '@helios/research/training-rows.ts';
import { isFinal } from '@helios/shared/domain/execution.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { TrainingRow } from '@helios/shared/domain/training-row.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { writeGeneratedRecording } from '@helios/synthetic-market/write-recording.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestFleet } from './harness/fleet.ts';
import { type LedgerContent, readLedger, readTrainingRows } from './harness/ledger-reader.ts';
import { environmentOf } from './harness/settings-environment.ts';

const DATA = resolve(process.env['HELIOS_DATA_DIR'] ?? '../shared/data', 'depth');
const recorded = (...names: string[]): string[] => names.map((name) => join(DATA, name));
const folder = mkdtempSync(join(tmpdir(), 'helios-recording-'));
const GENERATED = join(folder, 'generated.gz');

beforeAll(() => writeGeneratedRecording({ file: GENERATED, seed: 7, symbols: ['BTCUSDT', 'ETHUSDT'], seconds: 240 }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Played {
  readonly said: string;
  readonly ledger: LedgerContent;
  readonly rows: readonly TrainingRow[];
}

/** Plays recordings through the real services to their end, at maximum speed. */
async function play(files: readonly string[], env: Readonly<Record<string, string>>): Promise<Played> {
  const { fleet, code } = await TestFleet.runToEnd({ args: ['--replay', ...files, '--speed', 'max', '--exit'], env });
  try {
    expect(code, fleet.said).toBe(0);
    return { said: fleet.said, ledger: readLedger(fleet.dataDir), rows: readTrainingRows(fleet.dataDir) };
  } finally {
    await fleet.remove();
  }
}

/** Records without the time of their creation, which differs between two runs of the same market. */
const untimed = <T extends { ts_init: number }>(records: readonly T[]) =>
  records.map((one) => ({ ...one, ts_init: 0 }));
const timeless = ({ signals, decisions, refusals, executions }: LedgerContent) => ({
  signals: untimed(signals),
  decisions: untimed(decisions),
  refusals: untimed(refusals),
  executions: untimed(executions),
});

const BTC_2023 = recorded('usdm_btcusdt_20230404.dat.gz', 'usdm_btcusdt_20230405.dat.gz');
const sessions = [
  { name: 'a generated market', files: [GENERATED], here: true },
  {
    name: 'BTCUSDT 2023',
    files: BTC_2023,
    here: existsSync(DATA),
  },
  {
    name: 'BTCUSDT and ETHUSDT 2024',
    files: recorded(
      'usdm_btcusdt_20240718.gz',
      'usdm_btcusdt_20240719.gz',
      'usdm_ethusdt_20240718.gz',
      'usdm_ethusdt_20240719.gz',
    ),
    here: existsSync(DATA),
  },
];
/** A training row is complete at its horizon, and the recordings last minutes. */
const risk = { max_hold_sec: 45 };

const modes = [
  { mode: 'HF_MARKET', settings: { risk } },
  { mode: 'HF_LIMIT', settings: { risk, simulation: { mode: 'HF_LIMIT' }, signals: { cooldown_sec: 20 } } },
] as const;
/** The live profile refuses while klines are too few, as in recordings of minutes: these gates are off. */
const liveProfile = {
  risk,
  simulation: { profile: 'live' },
  signals: { cooldown_sec: 20, edge_gate: 'off', volume_gate: false, vwap_gate: false },
  trend: { enabled: false },
  regime: { enabled: false },
} as const;

/** Each signal has one final answer, except one whose order still rested at the end of the recording. */
function expectOneFinalAnswer({ signals, decisions, executions }: LedgerContent): void {
  const resting = decisions.flatMap(({ decision_id, outcome }) => (outcome === 'RESTING' ? decision_id : []));
  const finals = executions.flatMap(({ signal_id, answer }) => (isFinal(answer) ? signal_id : []));
  const ids = signals.map(({ signal_id }) => signal_id);
  expect(finals.toSorted()).toEqual(ids.filter((id) => !resting.includes(id)).toSorted());
}

/** `npm run backtest` reports what the services recorded, and the same training rows come of it. */
async function expectSameBacktest(
  { ledger, rows }: Played,
  files: readonly string[],
  settings: Settings,
): Promise<void> {
  const all = { fromTs: Number.NEGATIVE_INFINITY, toTs: Number.POSITIVE_INFINITY, changed: {} };
  const models = { latency: NO_LATENCY, fundingRate: 0 };
  const options = { kind: 'RECORDINGS', market: 'usdm', files, settings, ...all, ...models } as const;
  // Live and paper services collect features, and with them the order flow.
  const backtest = await playBacktest(await openData(options), options, { collectsFeatures: true });
  expect(untimed(backtest.decisions)).toEqual(untimed(ledger.decisions));
  expect(untimed(backtest.refusals)).toEqual(untimed(ledger.refusals));
  expect(backtest.trades).toEqual(ledger.trades);
  const everySec = settings.signals.refusal_log_interval_sec;
  const made: TrainingRow[] = [];
  for await (const row of trainingRows(await openData(options), { ...options, everySec })) made.push(row);
  const byId = (all: readonly TrainingRow[]) => all.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  expect(rows.length).toBeGreaterThan(0);
  expect(byId(made)).toEqual(byId(rows));
}

/** Plays a session twice through the services and once in one process; all results must be equal. Returns the decisions. */
async function playAlike(
  files: readonly string[],
  changed: NonNullable<Parameters<typeof defaultSettings>[0]>,
): Promise<LedgerContent> {
  const settings: Settings = defaultSettings(changed);
  const env = environmentOf(changed);
  const [first, second] = await Promise.all([play(files, env), play(files, env)]);

  expect(first.ledger.signals.length).toBeGreaterThan(0);
  expect(first.ledger.refusals.length).toBeGreaterThan(0);
  expect(timeless(second.ledger)).toEqual(timeless(first.ledger));

  const run = first.ledger.signals[0]?.run ?? '';
  const source = createReplaySource({ files, onFault: (fault) => expect.unreachable(JSON.stringify(fault)) });
  const inProcess = await runInProcess(source, settings, run, { collectsFeatures: true });
  expect(untimed(first.ledger.signals)).toEqual(untimed(inProcess.signals));
  expect(untimed(first.ledger.decisions)).toEqual(untimed(inProcess.decisions));
  expect(untimed(first.ledger.refusals)).toEqual(untimed(inProcess.refusals));
  // Orders, fills with their fees, and the market time of each.
  expect(untimed(first.ledger.executions)).toEqual(untimed(inProcess.executions));
  expect(first.ledger.trades).toEqual(inProcess.trades);
  expectOneFinalAnswer(first.ledger);
  await expectSameBacktest(first, files, settings);

  const { topsCompared, topsDifferent } = inProcess.counts;
  expect(topsCompared).toBeGreaterThan(1_000);
  expect(topsDifferent).toBe(0);
  expect(first.said).toContain(`best bid/ask compared ${topsCompared}, different 0`);
  return first.ledger;
}

const options = { timeout: 300_000 };

// Two at a time: while one is played in this process, the fleets of the other keep the second core busy.
describe.each(sessions)('a lock-step replay of $name', ({ files, here }) => {
  test.skipIf(!here).concurrent.each(modes)(
    'in $mode: two runs agree with each other and with one process, and every best bid/ask is as recorded',
    options,
    async ({ settings }) => void (await playAlike(files, settings)),
  );
});

test
  .skipIf(!existsSync(DATA))
  .concurrent(
    'a lock-step replay under the live profile has the same sizes and denials as one process',
    options,
    async () => {
      const { decisions } = await playAlike(BTC_2023, liveProfile);
      expect(decisions.some(({ denial }) => denial?.code === 'COOLDOWN_AFTER_EXIT')).toBe(true);
      // Kelly with its prior makes twice the value of the fixed size.
      const entry = decisions.find(({ outcome }) => outcome === 'OPENED');
      expect((entry?.position_size ?? 0) * (entry?.fill_price ?? 0)).toBeGreaterThan(2_000);
    },
  );
