import { createSerialQueue } from '@helios/shared/runtime/serial-queue.ts';
import type { SteppedClock } from '../stepped-clock.ts';

/** A step is played in slices, so that requests meanwhile see a clock that fits the market. */
const SLICE_MS = 1_000;

/** Steps the venue's clock and plays what happens until then. */
export class ClockStepper {
  readonly clock: SteppedClock;
  readonly #play: () => Promise<void>;
  readonly #inTurn = createSerialQueue();

  /** @param play plays market, timers and streams up to the clock */
  constructor(clock: SteppedClock, play: () => Promise<void>) {
    this.clock = clock;
    this.#play = play;
  }

  /** Resolves when everything up to the new time has happened. Steps run one after another. */
  advanceBy(ms: number): Promise<void> {
    return this.#inTurn(async () => {
      for (let left = ms; left > 0; left -= SLICE_MS) {
        this.clock.step(Math.min(left, SLICE_MS));
        await this.#play();
      }
    });
  }
}
