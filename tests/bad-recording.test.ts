import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { runInProcess } from '@helios/backtest/run-in-process.ts';
import { createReplaySource } from '@helios/market-data/replay-source.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { writeGeneratedRecording } from '@helios/synthetic-market/write-recording.ts';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TestFleet } from './harness/fleet.ts';
import { readLedger } from './harness/ledger-reader.ts';
import { environmentOf } from './harness/settings-environment.ts';

const LIMIT = { timeout: 120_000 };
/** No gates, so that two minutes give enough signals. */
const EAGER = {
  signals: {
    cooldown_sec: 5,
    confirmation_count: 1,
    min_book_history_sec: 5,
    volume_gate: false,
    vwap_gate: false,
    edge_gate: 'off',
  },
  trend: { enabled: false },
  regime: { enabled: false },
} as const;
const folder = mkdtempSync(join(tmpdir(), 'helios-bad-recording-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fleets: TestFleet[] = [];
afterEach(async () => {
  for (const fleet of fleets.splice(0)) await fleet.remove();
});

/** Number of log lines with this text. */
const times = (said: string, what: RegExp) => [...said.matchAll(new RegExp(what, 'g'))].length;

describe('a damaged recording plays up to the damage', () => {
  const whole = join(folder, 'whole.gz');
  beforeAll(() => writeGeneratedRecording({ file: whole, seed: 5, symbols: ['BTCUSDT', 'ETHUSDT'], seconds: 120 }));

  const damages = [
    {
      name: 'cut off in the middle of its gzip',
      file: 'cut.gz',
      spoil: (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length * 0.7)),
      said: [/rest of the recording cannot be read.*cut\.gz.*ends too early/],
      summary:
        /\(1 unreadable\) · gaps 0[\s\S]*cut\.gz is unreadable after line \d+ \(.*\)\. Helios did not play the rest/,
    },
    {
      name: 'with lines that are none, a lost depth update and a crossed book',
      file: 'spoilt.dat',
      spoil: (bytes: Buffer) => spoiltLines(gunzipSync(bytes).toString().trimEnd().split('\n')),
      said: [
        /line skipped.*spoilt\.dat.*line=/,
        /message skipped.*spoilt\.dat.*line=/,
        /depth gap, book dropped.*ETHUSDT.*expected_pu=/,
        /crossed book, dropped.*BTCUSDT.*bid=/,
      ],
      summary: /\(2 unreadable\) · gaps [12] /,
    },
  ];

  test.each(damages)('$name', LIMIT, async ({ file, spoil, said, summary }) => {
    const path = join(folder, file);
    writeFileSync(path, spoil(readFileSync(whole)));
    const { fleet, code } = await TestFleet.runToEnd({
      args: ['--replay', path, '--speed', 'max', '--exit'],
      env: environmentOf(EAGER),
    });
    fleets.push(fleet);
    expect(code, fleet.said).toBe(0);
    for (const line of said) expect(times(fleet.said, line), `${line} in\n${fleet.said}`).toBe(1);
    expect(fleet.said).toMatch(summary);

    const { signals, decisions } = readLedger(fleet.dataDir);
    expect(fleet.said).toContain(`signals ${signals.length} `);
    const run = signals[0]?.run ?? '';
    const decided = async (played: string) => {
      const source = createReplaySource({ files: [played], onFault: () => {} });
      return runInProcess(source, defaultSettings(EAGER), run, { collectsFeatures: true });
    };
    const untimed = <T extends { ts_init: number }>(records: readonly T[]) =>
      records.map((one) => ({ ...one, ts_init: 0 }));
    expect(untimed(decisions)).toEqual(untimed((await decided(path)).decisions));
    // The decisions before the damage equal those of an undamaged recording.
    const undamaged = (await decided(whole)).signals.map(({ signal_id }) => signal_id);
    const before = Math.floor(signals.length / 2);
    expect(before).toBeGreaterThan(2);
    expect(signals.slice(0, before).map(({ signal_id }) => signal_id)).toEqual(undamaged.slice(0, before));
  });

  /** The damage is in the last third. */
  function spoiltLines(lines: readonly string[]): string {
    const from = Math.floor(lines.length * 0.7);
    const next = (stream: string) => lines.findIndex((line, at) => at > from && line.includes(stream));
    const [lost, crossed] = [next('ethusdt@depth'), next('btcusdt@depth')];
    const spoilt = lines.map((line, at) => (at === crossed ? withBidAboveAsk(line) : line));
    spoilt[lost] = 'rubbish\n1700000041000000 {x}';
    return spoilt.join('\n');
  }

  function withBidAboveAsk(line: string): string {
    const message = JSON.parse(line.slice(line.indexOf(' ') + 1));
    message.data.b.push(['9000000.00', '1']);
    return `${line.slice(0, line.indexOf(' '))} ${JSON.stringify(message)}`;
  }
});

describe('a recording without decisions ends with exit code 1', () => {
  test('without a snapshot, which is named, and what to record', LIMIT, async () => {
    const path = join(folder, 'no-snapshot.dat');
    const whole = join(folder, 'short.gz');
    await writeGeneratedRecording({ file: whole, seed: 5, symbols: ['BTCUSDT'], seconds: 20 });
    const lines = gunzipSync(readFileSync(whole)).toString().split('\n');
    writeFileSync(path, lines.filter((line) => !line.includes('lastUpdateId')).join('\n'));
    const { fleet, code } = await TestFleet.runToEnd({ args: ['--replay', path, '--speed', 'max', '--exit'] });
    fleets.push(fleet);
    expect(code, fleet.said).toBe(1);
    expect(fleet.said).toMatch(/BTCUSDT had no order book for .*GET depth\?symbol=BTCUSDT&limit=1000/);
    expect(fleet.said).toContain('No symbol ever had a valid order book, so Helios could decide nothing: exit code 1.');
  });

  test('of COIN-M, before anything starts', LIMIT, async () => {
    const path = join(folder, 'coin.dat');
    const data = { e: 'depthUpdate', s: 'BTCUSD_PERP', U: 9, u: 9, pu: 8, b: [], a: [] };
    writeFileSync(path, `1700000000000000 ${JSON.stringify({ stream: 'btcusd_perp@depth', data })}\n`);
    const { fleet, code } = await TestFleet.runToEnd({ args: ['--replay', path, '--speed', 'max', '--exit'] });
    fleets.push(fleet);
    expect(code, fleet.said).toBe(1);
    expect(fleet.said).toMatch(/nothing was started:\s+• .*coin\.dat: BTCUSD_PERP is a COIN-M contract/);
    expect(fleet.said).not.toContain('STARTING');
  });
});
