import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MarketFeed } from '@helios/market-data/feed/market-feed.ts';
import type { RecordingFault } from '@helios/market-data/recording-fault.ts';
import { createReplaySource } from '@helios/market-data/replay-source.ts';
import { Records } from '@helios/shared/contracts/catalog.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import { asSent } from '@helios/shared/testing/as-sent.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { expect, onTestFinished, test } from 'vitest';
import { createLiveHarness, freshBooks, type LiveHarness, SYMBOLS } from './live-harness.ts';

/** Events of recordings in the order of publication. */
async function replayed(files: readonly string[]) {
  const faults: RecordingFault[] = [];
  const notices: unknown[] = [];
  const source = createReplaySource({ files, onFault: (fault) => faults.push(fault) });
  const symbols = (await source.instruments()).map(({ symbol }) => symbol);
  const feed = new MarketFeed({ symbols, now: () => 0, onNotice: (notice) => notices.push(notice) });
  const events: MarketEvent[] = [];
  for await (const frame of source.frames(new AbortController().signal)) events.push(...feed.onFrame(frame));
  return { events, faults, notices };
}

/**
 * Events of a type by their id, without times: in live those are of our clock, in a replay of the venue's. Klines come from REST in
 * live.
 */
function byId(events: readonly MarketEvent[], type: 'book' | 'trade' | 'mark', symbol: string): Map<unknown, unknown> {
  const found = new Map<unknown, unknown>();
  for (const event of events) {
    if (event.type !== type || event.symbol !== symbol) continue;
    const id = { book: 'last_update_id', trade: 'trade_id', mark: 'mark_price' }[type];
    found.set(Reflect.get(event, id), { ...asSent(event), ts_event: 0, ts_init: 0 });
  }
  return found;
}

function hasTwo({ of }: LiveHarness, symbol: string): boolean {
  return of('trade', symbol).length > 1 && of('mark', symbol).length > 2;
}

/** A live harness that records into a folder of its own. */
async function startRecording() {
  const folder = mkdtempSync(join(tmpdir(), 'helios-live-'));
  const recording = { enabled: true, folder, max_gb: 1, max_days: 1, min_free_gb: 0 };
  const harness = await createLiveHarness({ recording });
  const service = await harness.start();
  onTestFinished(async () => {
    await service.stop();
    await harness.venue.stop();
    rmSync(folder, { recursive: true });
  });
  const files = () => {
    const [network = ''] = readdirSync(folder);
    return readdirSync(join(folder, network)).map((name) => join(folder, network, name));
  };
  return { harness, service, files };
}

test('a replay of what was recorded gives every published book, trade and mark price, also after a gap', async () => {
  const { harness, service, files } = await startRecording();
  await freshBooks(harness);
  await harness.venue.setFaults([{ fault: 'stream-gap', symbol: 'BTCUSDT' }]);
  await eventually('a gap', () => harness.of('break').length > 0, 30_000);
  await harness.venue.setFaults([]);
  await freshBooks(harness);
  for (const symbol of SYMBOLS)
    await eventually(`trades and mark prices of ${symbol}`, () => hasTwo(harness, symbol), 30_000);
  const status = () => harness.fake.bus('monitoring-agent').getRecord(Records.recordingStatus);
  await eventually('the report on the recording', async () => ((await status())?.lines ?? 0) > 0, 30_000);
  expect(await status()).toMatchObject({ dropped: 0 });
  await service.stop();
  const { events, faults, notices } = await replayed(files());
  expect(faults).toEqual([]);
  expect(notices).toMatchObject([{ kind: 'DEPTH_GAP', symbol: 'BTCUSDT' }]);
  for (const symbol of SYMBOLS) {
    for (const type of ['book', 'trade', 'mark'] as const) {
      const published = byId(harness.heard, type, symbol);
      const recorded = byId(events, type, symbol);
      expect(published.size).toBeGreaterThan(0);
      for (const [id, event] of published) expect(recorded.get(id)).toEqual(event);
    }
    // Of books that arrive together only the newest is published; trades all are.
    const trades = byId(harness.heard, 'trade', symbol);
    expect([...byId(events, 'trade', symbol).keys()].slice(0, trades.size)).toEqual([...trades.keys()]);
  }
}, 60_000);
