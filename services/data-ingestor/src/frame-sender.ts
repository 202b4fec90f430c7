import { type FrameEvents, lastSeqOf, type MarketEvent } from '@helios/shared/domain/market-data.ts';

/** Frames that are handed over together at most. */
const MAX_FRAMES = 64;

export interface FrameSenderOptions {
  /** Resolves when the frames are done with, or when stopped. */
  readonly handOver: (frames: readonly FrameEvents[]) => Promise<void>;
}

/** Collects the frames of a lock-step replay. While some are under way the next ones are read and collected. */
export class FrameSender {
  readonly #options: FrameSenderOptions;
  #collected: FrameEvents[] = [];
  #underWay: Promise<void> = Promise.resolve();

  constructor(options: FrameSenderOptions) {
    this.#options = options;
  }

  /** Takes a frame's events, the first of which gets the number `firstSeq`. */
  async add(events: readonly MarketEvent[], firstSeq: number): Promise<void> {
    this.#collected.push(events.map((event, i) => ({ ...event, seq: firstSeq + i })));
    // No list of candles in Redis runs ahead of the frames by more than one.
    const closesKline = events.some(({ type }) => type === 'kline');
    if (closesKline || this.#collected.length >= MAX_FRAMES) await this.#send();
  }

  /** Resolves when everything that was added is done with. */
  async end(): Promise<void> {
    await this.#send();
    await this.#underWay;
  }

  async #send(): Promise<void> {
    await this.#underWay;
    const frames = this.#collected;
    this.#collected = [];
    if (frames.length === 0) return;
    this.#underWay = this.#options.handOver(frames);
    // The next send, or the end, throws its failure.
    this.#underWay.catch(() => {});
  }
}

/** The number of the first event of frames that are not empty. */
export function firstSeqOf(frames: readonly FrameEvents[]): number {
  const [first] = frames;
  return first === undefined ? 0 : lastSeqOf(first) - first.length + 1;
}
