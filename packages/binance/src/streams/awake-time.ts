/** Maximum time that one step counts, ms. After a longer step the process slept, or somebody changed the clock. */
const MAX_STEP_MS = 1_000;

/**
 * Time while this process was awake, ms. A process that slept for a minute must first read its sockets before it judges the venue as
 * silent, and a clock change must neither end nor prolong a wait.
 */
export class AwakeTime {
  #ms = 0;
  #lastTs: number | undefined;

  /** Awake time since the first step, ms. */
  get ms(): number {
    return this.#ms;
  }

  /** Advances to the machine's clock `nowTs`, epoch ms. */
  step(nowTs: number): void {
    if (this.#lastTs !== undefined) this.#ms += Math.min(Math.max(nowTs - this.#lastTs, 0), MAX_STEP_MS);
    this.#lastTs = nowTs;
  }
}
