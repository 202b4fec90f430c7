import { Channels } from '@helios/shared/contracts/catalog.ts';
import type { ReplayAck } from '@helios/shared/domain/fleet.ts';
import { type FrameEvents, lastSeqOf, type MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';

export interface FrameQueueOptions {
  readonly bus: Bus<'decision-logger'>;
  /** `isLast`: no other event follows at once. */
  readonly onEvent: (event: MarketEvent, isLast: boolean) => void;
  /** Number of the last event processed here. */
  readonly lastSeq: () => number;
}

/**
 * Holds the frames of a lock-step replay until signal-engine has processed them. So a signal executes on the market of
 * its own frame, not of a later one. A frame that was processed here before passes at once, because it only requests an
 * acknowledgement.
 */
export class FrameQueue {
  readonly #options: FrameQueueOptions;
  #waiting: FrameEvents[] = [];
  #engineSeq = 0;

  constructor(options: FrameQueueOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { bus } = this.#options;
    await bus.subscribe(Channels.replayAcks, (ack) => this.#onAck(ack));
    await bus.subscribe(Channels.replayFrames, ({ frames }) => this.#onFrames(frames));
  }

  #onAck({ service, seq }: ReplayAck): void {
    if (service !== 'signal-engine') return;
    this.#engineSeq = Math.max(this.#engineSeq, seq);
    this.#drain();
  }

  #onFrames(frames: readonly FrameEvents[]): void {
    for (const frame of frames) {
      if (lastSeqOf(frame) <= this.#options.lastSeq()) this.#hand(frame);
      else if (lastSeqOf(frame) > lastSeqOf(this.#waiting.at(-1) ?? [])) this.#waiting.push(frame);
    }
    this.#drain();
  }

  #drain(): void {
    const due = this.#waiting.filter((frame) => lastSeqOf(frame) <= this.#engineSeq);
    if (due.length === 0) return;
    this.#waiting = this.#waiting.slice(due.length);
    this.#hand(due.flat());
  }

  #hand(events: FrameEvents): void {
    for (const event of events) this.#options.onEvent(event, event === events.at(-1));
  }
}
