/** Minimum distance of two samples, ms: closer books repeat one state. */
const SAMPLE_MS = 1_000;
/** A sample of this age counts half, ms: four hours. */
const HALF_LIFE_MS = 14_400_000;
/** Number of samples for a quantile: two minutes. */
const WARM_SAMPLES = 120;
const BINS = 200;
/** Quantiles are computed again after this many samples. */
const REFRESH = 60;
/** Exponent of two at which the weights are scaled back, so that they stay finite. */
const MAX_EXPONENT = 60;

/**
 * The distribution of a symbol's absolute imbalance over the last hours: the weight of a sample halves every four hours. Newer
 * samples get greater weights in place of shrinking all others, which gives the same quantiles (forward decay, Cormode et al. 2009).
 */
export class ImbalanceQuantile {
  readonly #weights = new Float64Array(BINS);
  readonly #known = new Map<number, number>();
  /** The newest request and its answer: it repeats for each book until the regime changes. */
  #share = Number.NaN;
  #quantileOfShare = Number.NaN;
  #total = 0;
  #samples = 0;
  #sampledTs: number | undefined;
  #startTs = 0;

  /** The imbalance, 0..1, below which `share` (0..1) of the samples lie; undefined before two minutes of samples. */
  at(share: number): number | undefined {
    if (this.#samples < WARM_SAMPLES) return undefined;
    if (share === this.#share) return this.#quantileOfShare;
    const quantile = this.#known.get(share) ?? this.#quantile(share);
    this.#known.set(share, quantile);
    this.#share = share;
    this.#quantileOfShare = quantile;
    return quantile;
  }

  /** Number of samples, each a second apart, that are read before a quantile changes. */
  get stableFor(): number {
    return REFRESH - (this.#samples % REFRESH);
  }

  /** Takes the imbalance of a book at `ts`, epoch ms, at most once per second. */
  sample(nobi: number, ts: number): void {
    const before = this.#sampledTs;
    if (before !== undefined && ts - before < SAMPLE_MS) return;
    if (before === undefined) this.#startTs = ts;
    this.#sampledTs = ts;
    const weight = this.#weightAt(ts);
    const bin = Math.min(Math.floor(Math.abs(nobi) * BINS), BINS - 1);
    this.#weights[bin] = (this.#weights[bin] ?? 0) + weight;
    this.#total += weight;
    this.#samples += 1;
    if (this.#samples % REFRESH !== 0) return;
    this.#known.clear();
    this.#share = Number.NaN;
  }

  /** Handles a clock that went back by `byMs`: samples keep their age. */
  setClockBack(byMs: number): void {
    this.#startTs -= byMs;
    if (this.#sampledTs !== undefined) this.#sampledTs -= byMs;
  }

  #weightAt(ts: number): number {
    const exponent = (ts - this.#startTs) / HALF_LIFE_MS;
    if (exponent <= MAX_EXPONENT) return 2 ** exponent;
    const scale = 2 ** -exponent;
    for (let bin = 0; bin < BINS; bin += 1) this.#weights[bin] = (this.#weights[bin] ?? 0) * scale;
    this.#total *= scale;
    this.#startTs = ts;
    return 1;
  }

  /** The upper edge of the bin that holds the quantile. */
  #quantile(share: number): number {
    let below = 0;
    for (let bin = 0; bin < BINS; bin += 1) {
      below += this.#weights[bin] ?? 0;
      if (below >= share * this.#total) return (bin + 1) / BINS;
    }
    return 1;
  }
}
