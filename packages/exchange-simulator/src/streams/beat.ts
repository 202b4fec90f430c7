/** The largest common divisor of all stream intervals, ms. */
export const BEAT_MS = 50;

/** Divides passing time into beats, at whole multiples of 50 ms. */
export class Beat {
  readonly #onBeat: (atMs: number) => void;
  #nextMs: number;

  /** @param startMs the first beat comes after this time */
  constructor(startMs: number, onBeat: (atMs: number) => void) {
    this.#nextMs = (Math.floor(startMs / BEAT_MS) + 1) * BEAT_MS;
    this.#onBeat = onBeat;
  }

  /** Beats for all time before `ms`; with `isInclusive` also at `ms`. */
  passTo(ms: number, isInclusive: boolean): void {
    for (; this.#nextMs < ms || (isInclusive && this.#nextMs === ms); this.#nextMs += BEAT_MS)
      this.#onBeat(this.#nextMs);
  }

  /** Lets time pass without beats, because there are no listeners. */
  skipTo(ms: number, isInclusive: boolean): void {
    const next = isInclusive ? Math.floor(ms / BEAT_MS) + 1 : Math.ceil(ms / BEAT_MS);
    this.#nextMs = Math.max(this.#nextMs, next * BEAT_MS);
  }
}
