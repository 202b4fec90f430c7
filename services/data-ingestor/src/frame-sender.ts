import { copyOfBook } from '@helios/core/book/unit-book.ts';
import { type FrameEvents, lastSeqOf, type MarketEvent } from '@helios/shared/domain/market-data.ts';

/** Maximum number of frames per message. */
const MAX_FRAMES = 64;

export interface FrameSenderOptions {
  /** Resolves when the frames are settled, or when stopped. */
  readonly handOver: (frames: readonly FrameEvents[]) => Promise<void>;
}

/** Collects the frames of a lock-step replay. While some frames are in flight, it reads and collects the next ones. */
export class FrameSender {
  readonly #options: FrameSenderOptions;
  #collected: FrameEvents[] = [];
  #underWay: Promise<void> = Promise.resolve();

  constructor(options: FrameSenderOptions) {
    this.#options = options;
  }

  /** Adds the events of a frame; the first event gets the number `firstSeq`. */
  async add(events: readonly MarketEvent[], firstSeq: number): Promise<void> {
    this.#collected.push(events.map((event, i) => numbered(event, firstSeq + i)));
    // A kline list in Redis is at most one kline ahead of the frames.
    const closesKline = events.some(({ type }) => type === 'kline');
    if (closesKline || this.#collected.length >= MAX_FRAMES) await this.#send();
  }

  /** Resolves when all added frames are settled. */
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
    // The next send, or the end, throws the error of this one.
    this.#underWay.catch(() => {});
  }
}

function numbered(event: MarketEvent, seq: number): MarketEvent {
  return event.type === 'book' ? copyOfBook(event, { seq }) : { ...event, seq };
}

/** Number of the first event of non-empty frames. */
export function firstSeqOf(frames: readonly FrameEvents[]): number {
  const [first] = frames;
  return first === undefined ? 0 : lastSeqOf(first) - first.length + 1;
}
