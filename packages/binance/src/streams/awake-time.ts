/** What one step may count at most, ms: more than a few ticks late, and the process slept or its clock was turned. */
const MAX_STEP_MS = 1_000;

/**
 * Time as this process lived through it, ms. A process that was frozen for a minute must not take its venue for silent before it
 * has read what waits in its sockets, and a clock that is turned must neither end nor prolong a wait.
 */
export class AwakeTime {
  #ms = 0;
  #lastTs: number | undefined;

  /** Since the first step, ms. */
  get ms(): number {
    return this.#ms;
  }

  /** The machine's clock shows `nowTs`, epoch ms. */
  step(nowTs: number): void {
    if (this.#lastTs !== undefined) this.#ms += Math.min(Math.max(nowTs - this.#lastTs, 0), MAX_STEP_MS);
    this.#lastTs = nowTs;
  }
}
