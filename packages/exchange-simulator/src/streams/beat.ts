/** The largest step that all the streams' intervals are multiples of, ms. */
export const BEAT_MS = 50;

/** Cuts the time that passes into beats, at whole multiples of 50 ms. */
export class Beat {
  readonly #onBeat: (atMs: number) => void;
  #nextMs: number;

  /** `startMs`: nothing before it is of interest. */
  constructor(startMs: number, onBeat: (atMs: number) => void) {
    this.#nextMs = (Math.floor(startMs / BEAT_MS) + 1) * BEAT_MS;
    this.#onBeat = onBeat;
  }

  /** Beats for all the time before `ms`, with `isInclusive` also for a beat at it. */
  passTo(ms: number, isInclusive: boolean): void {
    for (; this.#nextMs < ms || (isInclusive && this.#nextMs === ms); this.#nextMs += BEAT_MS)
      this.#onBeat(this.#nextMs);
  }

  /** Lets time pass without beats: nobody listens. */
  skipTo(ms: number, isInclusive: boolean): void {
    const next = isInclusive ? Math.floor(ms / BEAT_MS) + 1 : Math.ceil(ms / BEAT_MS);
    this.#nextMs = Math.max(this.#nextMs, next * BEAT_MS);
  }
}
