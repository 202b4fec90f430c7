import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { CacheFile } from './cache-reader.ts';
import { ChunkPlayer } from './chunk-player.ts';

interface TrackOptions {
  /** The play ends before the first frame after this market time, epoch ms. */
  readonly toTs: number;
  readonly countChunk: () => void;
  /** Receives the symbols with an open session at the end of a cache, and its market time. */
  readonly onCacheEnd: (openSymbols: readonly string[], ts: number) => void;
}

/** Caches that play one after another, frame by frame. It holds one chunk and reads the next one meanwhile. */
export class CacheTrack {
  /** The next frame; undefined before `fill`, and at the end. */
  frame: readonly MarketEvent[] | undefined;
  readonly #options: TrackOptions;
  readonly #waiting: CacheFile[];
  #player: ChunkPlayer | undefined;
  #chunks: AsyncGenerator<Buffer<ArrayBuffer>> | undefined;
  #badFrames = 0;
  #tsMarket = 0;

  /** @param caches oldest first */
  constructor(caches: readonly CacheFile[], options: TrackOptions) {
    this.#waiting = [...caches];
    this.#options = options;
  }

  /** Market time of `frame`, or of the newest one at the end; epoch ms. */
  get tsMarket(): number {
    return this.#player?.tsMarket ?? this.#tsMarket;
  }

  get badFrames(): number {
    return this.#badFrames;
  }

  /** Takes the next frame of the chunk; false if it has no more. */
  advance(): boolean {
    this.frame = this.#player?.next();
    return this.frame !== undefined;
  }

  /** Reads on until there is a frame, or no more chunk. Rejects with NotACache. */
  async fill(): Promise<void> {
    while (this.frame === undefined) {
      const player = this.#player ?? this.#begin();
      if (player === undefined) return;
      const chunk = player.isOver ? undefined : await this.#chunks?.next();
      if (chunk?.done === false) {
        this.#options.countChunk();
        player.load(chunk.value);
        this.advance();
      } else await this.#endCache(player);
    }
  }

  /** Ends the play where it is. */
  stop(): void {
    this.#waiting.length = 0;
    if (this.#player === undefined) return;
    this.#player.stop();
    this.#leave(this.#player);
  }

  /** Closes the file. */
  async close(): Promise<void> {
    await this.#chunks?.return(undefined);
    this.#chunks = undefined;
  }

  #begin(): ChunkPlayer | undefined {
    const next = this.#waiting.shift();
    if (next === undefined) return undefined;
    const symbols = next.content.instruments.map(({ symbol }) => symbol);
    this.#player = new ChunkPlayer(symbols, this.#options.toTs);
    this.#chunks = next.chunks();
    return this.#player;
  }

  async #endCache(player: ChunkPlayer): Promise<void> {
    if (player.isOver) this.#waiting.length = 0;
    this.#leave(player);
    await this.close();
  }

  #leave(player: ChunkPlayer): void {
    this.#badFrames += player.badFrames;
    this.#tsMarket = player.tsMarket;
    this.#player = undefined;
    this.frame = undefined;
    this.#options.onCacheEnd(player.openSymbols(), player.tsMarket);
  }
}
