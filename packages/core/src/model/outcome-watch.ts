/** More open predictions than this: the oldest is dropped. */
const MAX_OPEN = 5_000;
/** Evidence for an alarm: outcomes e^9 ≈ 8,100 times as likely without the model's edge as with it. */
const ALARM = 9;
/** A probability never counts as certain. */
const MOST_CERTAIN = 0.99;

interface Prediction {
  readonly symbol: string;
  readonly probability: number;
  readonly ts: number;
}

/**
 * Compares outcomes with the probabilities that were given for them, by Page's CUSUM (Biometrika 1954) of the likelihood ratio: how
 * much likelier are they if each candidate had the base rate of training? Outcomes of one symbol count only if they do not overlap.
 */
export class OutcomeWatch {
  readonly #baseRate: number | undefined;
  readonly #open = new Map<string, Prediction>();
  /** End of the last outcome that counted, by symbol, epoch ms. */
  readonly #countedUntil = new Map<string, number>();
  #score = 0;
  #counted = 0;
  #isAlarm = false;

  /** `baseRate`: share of net gains among all candidates of training; undefined: nothing is watched. */
  constructor(baseRate: number | undefined) {
    this.#baseRate = baseRate;
  }

  /** True from the first alarm on, until a new model gets a new watch. */
  get isAlarm(): boolean {
    return this.#isAlarm;
  }

  /** Remembers a probability until its outcome is known. */
  predict(id: string, symbol: string, probability: number, ts: number): void {
    if (this.#baseRate === undefined) return;
    this.#open.set(id, { symbol, probability, ts });
    if (this.#open.size <= MAX_OPEN) return;
    const [oldest] = this.#open.keys();
    if (oldest !== undefined) this.#open.delete(oldest);
  }

  /** Takes the outcome of a decision that ended at `ts`, epoch ms. */
  settle(id: string, isNetGain: boolean, ts: number): void {
    const prediction = this.#open.get(id);
    if (prediction === undefined || this.#baseRate === undefined) return;
    this.#open.delete(id);
    if (prediction.ts < (this.#countedUntil.get(prediction.symbol) ?? Number.NEGATIVE_INFINITY)) return;
    this.#countedUntil.set(prediction.symbol, ts);
    this.#counted += 1;
    const [p, base] = [within(prediction.probability), within(this.#baseRate)];
    const evidence = isNetGain ? Math.log(base / p) : Math.log((1 - base) / (1 - p));
    this.#score = Math.max(0, this.#score + evidence);
    if (this.#score >= ALARM) this.#isAlarm = true;
  }

  state(): { readonly counted: number; readonly score: number; readonly isAlarm: boolean } {
    return { counted: this.#counted, score: this.#score, isAlarm: this.#isAlarm };
  }
}

function within(probability: number): number {
  return Math.min(Math.max(probability, 1 - MOST_CERTAIN), MOST_CERTAIN);
}
