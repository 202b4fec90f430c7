import { SESSION_GAP_MS } from '@helios/shared/domain/freshness.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import { breakOf } from '../feed/symbol-book.ts';
import type { RecordingFault } from '../recording-fault.ts';
import type { CacheFile } from './cache-reader.ts';
import { CacheTrack } from './cache-track.ts';
import { groupCaches } from './group-caches.ts';

/** Receives the events of one frame; returns false to end the play. */
export type OnFrame = (events: readonly MarketEvent[]) => boolean;

/** What the sources of caches contained besides events. */
export interface CachePlay {
  readonly badFrames: number;
  readonly faults: readonly RecordingFault[];
}

export interface CachePlayOptions {
  readonly onFrame: OnFrame;
  /** Receives the number of chunks read so far, of all caches. */
  readonly onChunk?: ((read: number) => void) | undefined;
  /** The play ends before the first frame after this market time, epoch ms. */
  readonly toTs: number;
}

/**
 * Plays caches as their sources play through the feed, with the end of each session. Caches of a symbol follow each other by time;
 * those of other symbols play beside them. Rejects with NotACache for a damaged file, and with CachesOverlap.
 */
export async function playCaches(caches: readonly CacheFile[], options: CachePlayOptions): Promise<CachePlay> {
  const { onFrame, onChunk, toTs } = options;
  let read = 0;
  const countChunk = (): void => {
    read += 1;
    onChunk?.(read);
  };
  const pauses = new SessionPauses(onFrame);
  const groups = groupCaches(caches);
  const tracks = groups.map((group) => new CacheTrack(group, { toTs, countChunk, onCacheEnd: pauses.begin }));
  try {
    await playTracks(tracks, pauses);
    for (const track of tracks) track.stop();
  } finally {
    await Promise.all(tracks.map((track) => track.close()));
  }
  pauses.end(Math.max(...tracks.map(({ tsMarket }) => tsMarket)));
  const faults = groups.flat().flatMap(({ content }) => content.faults.filter(({ afterTs }) => afterTs <= toTs));
  const badFrames = tracks.reduce((sum, track) => sum + track.badFrames, 0);
  return { badFrames, faults: faults.map(({ afterTs, ...fault }) => fault) };
}

/** Plays the frames of all tracks in the order of their time; at equal times those of the earlier track come first. */
async function playTracks(tracks: readonly CacheTrack[], pauses: SessionPauses): Promise<void> {
  let open = tracks;
  while (open.length > 0) {
    for (const track of open) if (track.frame === undefined) await track.fill();
    open = open.filter(({ frame }) => frame !== undefined);
    while (open.length > 0) {
      const first = earliestOf(open);
      if (first.frame === undefined || !pauses.deliver(first.frame, first.tsMarket)) return;
      if (!first.advance()) break;
    }
  }
}

function earliestOf(tracks: readonly CacheTrack[]): CacheTrack {
  let [earliest] = tracks as readonly [CacheTrack];
  for (let i = 1; i < tracks.length; i += 1) {
    const track = tracks[i];
    if (track !== undefined && track.tsMarket < earliest.tsMarket) earliest = track;
  }
  return earliest;
}

/** Ends the session of a symbol whose next cache does not begin within a minute, as the feed ends it after a minute of silence. */
class SessionPauses {
  readonly #onFrame: OnFrame;
  /** Market time at which the cache of a symbol with an open session ended, epoch ms. */
  readonly #sinceTs = new Map<string, number>();

  constructor(onFrame: OnFrame) {
    this.#onFrame = onFrame;
  }

  readonly begin = (symbols: readonly string[], ts: number): void => {
    for (const symbol of symbols) this.#sinceTs.set(symbol, ts);
  };

  /** Passes a frame on; false if the receiver ends the play. */
  deliver(frame: readonly MarketEvent[], ts: number): boolean {
    return this.#onFrame(this.#sinceTs.size === 0 ? frame : [...this.#endsBefore(frame, ts), ...frame]);
  }

  /** Ends all sessions that are open. */
  end(ts: number): void {
    const ends = [...this.#sinceTs.keys()].map((symbol) =>
      breakOf('SESSION_END', { symbol, reason: 'recording ended', tsEvent: ts, now: 0 }),
    );
    this.#onFrame(ends);
  }

  #endsBefore(frame: readonly MarketEvent[], ts: number): MarketEvent[] {
    const ends: MarketEvent[] = [];
    for (const [symbol, sinceTs] of this.#sinceTs) {
      const isOver = ts - sinceTs > SESSION_GAP_MS;
      if (!isOver && !frame.some((event) => event.symbol === symbol)) continue;
      this.#sinceTs.delete(symbol);
      const tsEvent = sinceTs + SESSION_GAP_MS;
      if (isOver) ends.push(breakOf('SESSION_END', { symbol, reason: '60 s without data', tsEvent, now: 0 }));
    }
    return ends;
  }
}
