/** A smaller step back is two readings that overtook each other, ms. */
const MIN_SET_BACK_MS = 1_000;

/** Notices that the machine's clock was set back. Reads no clock itself. */
export class ClockWatch {
  #lastMs: number | undefined;

  /** The reading before, epoch ms; undefined before the first. */
  get lastMs(): number | undefined {
    return this.#lastMs;
  }

  /** Takes a reading. Returns by how many ms the clock went back since the one before; undefined where it went on. */
  read(nowMs: number): number | undefined {
    const last = this.#lastMs;
    // Within the tolerance the newest reading stays: many small steps back add up to one.
    if (last !== undefined && nowMs < last && last - nowMs < MIN_SET_BACK_MS) return undefined;
    this.#lastMs = nowMs;
    return last !== undefined && nowMs < last ? last - nowMs : undefined;
  }
}
