import { breakOf } from '../feed/symbol-book.ts';
import type { RecordingFault } from '../recording-fault.ts';
import type { CacheFile } from './cache-reader.ts';
import { ChunkPlayer, type OnFrame } from './chunk-player.ts';

/** What the sources of a cache contained besides events. */
export interface CachePlay {
  readonly badFrames: number;
  readonly faults: readonly RecordingFault[];
}

export interface CachePlayOptions {
  readonly onFrame: OnFrame;
  /** Receives the number of chunks played so far. */
  readonly onChunk?: (played: number) => void;
  /** The play ends before the first frame after this market time, epoch ms. */
  readonly toTs: number;
}

/**
 * Plays a cache exactly as its sources play through the feed, with the end of each session. Rejects with NotACache for a damaged
 * file.
 */
export async function playCache(
  { content, chunks }: CacheFile,
  { onFrame, onChunk, toTs }: CachePlayOptions,
): Promise<CachePlay> {
  const symbols = content.instruments.map(({ symbol }) => symbol);
  const player = new ChunkPlayer(symbols, toTs, onFrame);
  let played = 0;
  for await (const bytes of chunks()) {
    player.play(bytes);
    played += 1;
    onChunk?.(played);
    if (player.isOver) break;
  }
  const { tsMarket, badFrames } = player;
  onFrame(
    player
      .openSymbols()
      .map((symbol) => breakOf('SESSION_END', { symbol, reason: 'recording ended', tsEvent: tsMarket, now: 0 })),
  );
  const faults = content.faults.filter(({ afterTs }) => afterTs <= toTs);
  return { badFrames, faults: faults.map(({ afterTs, ...fault }) => fault) };
}
