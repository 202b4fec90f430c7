/** Minimum step back that counts, ms. A smaller one means that two readings overtook each other. */
const MIN_SET_BACK_MS = 1_000;

/** Detects that the clock of the machine was set back. Reads no clock itself. */
export class ClockWatch {
  #lastMs: number | undefined;

  /** The previous reading, epoch ms; undefined before the first one. */
  get lastMs(): number | undefined {
    return this.#lastMs;
  }

  /** Takes a reading. Returns by how many ms the clock went back since the previous one; undefined if it did not. */
  read(nowMs: number): number | undefined {
    const last = this.#lastMs;
    // Within the tolerance the newest reading stays, so many small steps back add up.
    if (last !== undefined && nowMs < last && last - nowMs < MIN_SET_BACK_MS) return undefined;
    this.#lastMs = nowMs;
    return last !== undefined && nowMs < last ? last - nowMs : undefined;
  }
}
