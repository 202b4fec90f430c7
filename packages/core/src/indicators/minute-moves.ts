import { RANGE_PER_SIGMA } from './random-walk.ts';
import { Ring } from './ring.ts';

const MINUTE_MS = 60_000;
/** Number of one-minute returns in the volatility: a day. */
const VOLATILITY_MINUTES = 1_440;
/** Minimum number of returns for a volatility: half a day. */
const WARM_MINUTES = 720;
/** Number of one-minute returns in the volatility of the last hour. */
const HOUR_MINUTES = 60;
/** Longest return, minutes; a power of two. */
const CLOSES = 512;
/** A longer gap between two klines starts the closes again, minutes. */
const MAX_GAP = 5;
/** The sums are computed again after this many returns, so that rounding errors do not add up. */
const REFRESH = 10_000;

/** Returns of a symbol over some minutes, in units of its own volatility: without scale, so one limit serves all symbols. */
export class MinuteMoves {
  readonly #returns = new Ring(VOLATILITY_MINUTES);
  #hour = new Ring(HOUR_MINUTES);
  readonly #closes = new Float64Array(CLOSES);
  #minute: number | undefined;
  #firstMinute = 0;
  #sum = 0;
  #squares = 0;
  /** Sum of squares of the last hour; undefined until it is read. */
  #hourSquares: number | undefined;
  #count = 0;

  /** Takes the close of the 1m kline that opened at `openTs`, epoch ms; klines come in order. */
  update(close: number, openTs: number): void {
    const minute = Math.floor(openTs / MINUTE_MS);
    const before = this.#minute;
    const gap = before === undefined ? 0 : minute - before;
    if (before === undefined || gap > MAX_GAP) this.#beginAt(minute);
    else {
      const last = this.#closeAt(before);
      // The price of a missing minute is that of the minute before.
      for (let missing = before + 1; missing < minute; missing += 1) this.#closes[missing % CLOSES] = last;
      this.#learn(Math.log(close / last) / Math.sqrt(gap));
    }
    this.#closes[minute % CLOSES] = close;
    this.#minute = minute;
  }

  /** Standard deviation of one-minute log returns over the last day, as a fraction; undefined before half a day or without any move. */
  get sigma(): number | undefined {
    const n = this.#returns.length;
    if (n < WARM_MINUTES) return undefined;
    const variance = (this.#squares - (this.#sum * this.#sum) / n) / (n - 1);
    return variance > 0 ? Math.sqrt(variance) : undefined;
  }

  /**
   * Mean range of a minute, in price units, of a random walk with the volatility of the last hour; undefined before an
   * hour or without any move. Times √minutes it fits the half hour after a fall equally well on all markets (docs/strategy.md).
   */
  get hourRange(): number | undefined {
    if (!this.#hour.full || this.#minute === undefined) return undefined;
    // Added up each time: a rounding error of a running sum could hide a market at rest.
    this.#hourSquares ??= this.#hour.values().reduce((sum, move) => sum + move * move, 0);
    if (this.#hourSquares === 0) return undefined;
    return RANGE_PER_SIGMA * Math.sqrt(this.#hourSquares / HOUR_MINUTES) * this.#closeAt(this.#minute);
  }

  /** Log return of the last `minutes` up to the newest close, in standard deviations of as many minutes; undefined while cold. */
  over(minutes: number): number | undefined {
    const { sigma } = this;
    const newest = this.#minute;
    if (sigma === undefined || newest === undefined) return undefined;
    if (minutes >= CLOSES || newest - minutes < this.#firstMinute) return undefined;
    const move = Math.log(this.#closeAt(newest) / this.#closeAt(newest - minutes));
    return move / (sigma * Math.sqrt(minutes));
  }

  /** The hour before a gap says nothing about the hour to come. */
  #beginAt(minute: number): void {
    this.#firstMinute = minute;
    this.#hour = new Ring(HOUR_MINUTES);
    this.#hourSquares = undefined;
  }

  #closeAt(minute: number): number {
    return this.#closes[minute % CLOSES] ?? Number.NaN;
  }

  #learn(move: number): void {
    const gone = this.#returns.push(move) ?? 0;
    this.#sum += move - gone;
    this.#squares += move * move - gone * gone;
    this.#hour.push(move);
    this.#hourSquares = undefined;
    this.#count += 1;
    if (this.#count % REFRESH !== 0) return;
    this.#sum = 0;
    this.#squares = 0;
    for (const each of this.#returns.values()) {
      this.#sum += each;
      this.#squares += each * each;
    }
  }
}
