import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInProcess } from '@helios/backtest/run-in-process.ts';
import { createReplaySource } from '@helios/market-data/replay-source.ts';
import { Records } from '@helios/shared/contracts/catalog.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { writeGeneratedRecording } from '@helios/synthetic-market/write-recording.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { TestFleet } from './harness/fleet.ts';
import { readLedger } from './harness/ledger-reader.ts';

const LIMIT = { timeout: 600_000 };

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe('kill -9', () => {
  it('during a lock-step replay: the same signals, and every best bid/ask as recorded', LIMIT, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'helios-recording-'));
    cleanups.push(async () => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'generated.gz');
    await writeGeneratedRecording({ file, seed: 11, symbols: ['BTCUSDT', 'ETHUSDT'], seconds: 600 });

    const fleet = await TestFleet.prepare();
    cleanups.push(() => fleet.remove());
    const ended = fleet.runToEnd({ args: ['--replay', file, '--speed', 'max', '--exit'] });
    const page = await fleet.connect('dashboard-api');
    cleanups.push(() => page.close());
    const progress = () => page.getRecord(Records.replayProgress);
    for (const member of ['data-ingestor', 'decision-logger', 'data-ingestor', 'data-ingestor'] as const) {
      const from = (await progress())?.seq ?? 0;
      const at = await eventually(
        'the replay goes on',
        async () => {
          const now = await progress();
          return now !== undefined && now.seq > from + 100 ? now : undefined;
        },
        30_000,
      );
      expect(at.done).toBe(false);
      await fleet.kill(member);
      await fleet.up(member);
    }
    expect(await ended, fleet.said).toBe(0);

    const ledger = readLedger(fleet.dataDir);
    const source = createReplaySource({ files: [file], onFault: (fault) => expect.unreachable(JSON.stringify(fault)) });
    const undisturbed = await runInProcess(source, defaultSettings(), ledger.signals[0]?.run ?? '', {
      collectsFeatures: true,
    });
    const untimed = <T extends { ts_init: number }>(records: readonly T[]) =>
      records.map((one) => ({ ...one, ts_init: 0 }));
    expect(ledger.signals.length).toBeGreaterThan(0);
    expect(untimed(ledger.signals)).toEqual(untimed(undisturbed.signals));
    expect(untimed(ledger.decisions)).toEqual(untimed(undisturbed.decisions));
    expect(untimed(ledger.refusals)).toEqual(untimed(undisturbed.refusals));
    expect(undisturbed.counts.topsDifferent).toBe(0);
    expect(fleet.said).toContain(`best bid/ask compared ${undisturbed.counts.topsCompared}, different 0`);
  });
});
