import { RealisedVolatility } from '../indicators/dispersion.ts';

/** Minimum interval between samples of the mid. */
const SAMPLE_MS = 1_000;
const SAMPLES = 30;
/** Mean range of a random walk over √time: √(8/π) (Feller 1951), times √60 for a minute of one-second samples. */
const RANGE_PER_VOLATILITY = Math.sqrt((8 / Math.PI) * 60);

/** Range of a minute by the realised volatility of the mid over half a minute; it stands in for an ATR while the klines are cold. */
export class MidRange {
  #volatility = new RealisedVolatility(SAMPLES);
  #sampledTs = 0;
  /** Mid of the newest sample. */
  #sampledMid = 0;
  #value: number | undefined;
  #isKnown = true;

  /** Takes a mid at `ts`, epoch ms, at most once per second. */
  sample(ts: number, mid: number): void {
    if (ts - this.#sampledTs < SAMPLE_MS) return;
    this.#volatility.update(mid, (ts - this.#sampledTs) / SAMPLE_MS);
    this.#sampledTs = ts;
    this.#sampledMid = mid;
    this.#isKnown = false;
  }

  /** In price units; undefined before enough samples. Computed at the first use: while klines are warm nobody uses it. */
  get value(): number | undefined {
    if (this.#isKnown) return this.#value;
    const perSecond = this.#volatility.value;
    this.#value = perSecond === undefined ? undefined : perSecond * RANGE_PER_VOLATILITY * this.#sampledMid;
    this.#isKnown = true;
    return this.#value;
  }

  /** Forgets the samples of a session that ended. */
  restart(): void {
    this.#volatility = new RealisedVolatility(SAMPLES);
    this.#isKnown = false;
  }

  /** Handles a clock that went back by `byMs`. */
  setClockBack(byMs: number): void {
    this.#sampledTs -= byMs;
  }
}
