import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MarketFeed } from '@helios/market-data/feed/market-feed.ts';
import { writeRecording } from '@helios/market-data/recording-writer.ts';
import { createReplaySource } from '@helios/market-data/replay-source.ts';
import type { VenueFrame } from '@helios/market-data/source.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import { createGeneratorSource } from '@helios/synthetic-market/generator-source.ts';
import { afterAll, beforeAll } from 'vitest';

let folder: string;

/** Gives the tests of a file a folder for recordings, which is removed after them. */
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

/** Writes a made-up market of so many seconds to a file of its own. */
export async function recordingOf(seconds: number, seed = 3): Promise<string> {
  const file = join(folder, `${seed}-${seconds}.gz`);
  await writeRecording(file, made(seed, seconds));
  return file;
}

/** What a recording holds, with `ts_init` 0: the plain loop around the feed. */
export async function eventsOf(file: string): Promise<MarketEvent[]> {
  const source = createReplaySource({ files: [file], onFault: () => {} });
  const feed = new MarketFeed({ symbols: SYMBOLS, now: () => 0, onNotice: () => {} });
  const events: MarketEvent[] = [];
  for await (const frame of source.frames(new AbortController().signal)) events.push(...feed.onFrame(frame));
  return [...events, ...feed.end()];
}
