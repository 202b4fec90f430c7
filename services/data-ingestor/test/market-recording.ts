import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MarketFeed } from '@helios/market-data/feed/market-feed.ts';
import { writeRecording } from '@helios/market-data/recording-writer.ts';
import { createReplaySource } from '@helios/market-data/replay-source.ts';
import type { VenueFrame } from '@helios/market-data/source.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import { asSent } from '@helios/shared/testing/as-sent.ts';
import { createGeneratorSource } from '@helios/synthetic-market/generator-source.ts';
import { afterAll, beforeAll } from 'vitest';

let folder: string;

/** Creates a folder for the recordings of a test file, and removes it after the tests. */
export function useRecordingFolder(): void {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'helios-ingestor-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
}

export const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];
/** A second before a whole minute, epoch ms. */
const START = 1_700_000_039_000;

async function* made(seed: number, seconds: number): AsyncGenerator<VenueFrame> {
  const source = createGeneratorSource({ seed, symbols: SYMBOLS, startMs: START, updatesPerSecond: 2 });
  for await (const frame of source.frames(new AbortController().signal)) {
    if (frame.tsReceived > START + seconds * 1_000) return;
    yield frame;
  }
}

/** Writes a synthetic market of this many seconds to its own file. */
export async function recordingOf(seconds: number, seed = 3): Promise<string> {
  const file = join(folder, `${seed}-${seconds}.gz`);
  await writeRecording(file, made(seed, seconds));
  return file;
}

/** Events of a recording as readers get them, with `ts_init` 0: a plain loop around the feed. */
export async function eventsOf(file: string): Promise<MarketEvent[]> {
  const source = createReplaySource({ files: [file], onFault: () => {} });
  const feed = new MarketFeed({ symbols: SYMBOLS, now: () => 0, onNotice: () => {} });
  const events: MarketEvent[] = [];
  for await (const frame of source.frames(new AbortController().signal)) events.push(...feed.onFrame(frame));
  return asSent([...events, ...feed.end()]);
}
