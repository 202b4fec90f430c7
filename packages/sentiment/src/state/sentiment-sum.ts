import type { SentimentBasis, SentimentState } from '@helios/shared/domain/market-state.ts';
import type { ScoredItem } from '@helios/shared/domain/scored-item.ts';
import { attention } from './item-weight.ts';

/** Parameters of the sentiment of a set of items. */
export interface SentimentParams {
  /** Half-life of an item's weight, ms. */
  readonly halfLifeMs: number;
  /** Minimum effective number of items; with fewer the basis is THIN and the score 0. */
  readonly minItems: number;
  /** Maximum number of items; the oldest are dropped first. */
  readonly capacity: number;
}

/** A stored sentiment without its source and time of writing. */
export type Sentiment = Omit<SentimentState, 'source' | 'updated_ts'>;

/** The sentiment is STALE without an item within this many half-lives. */
const STALE_HALF_LIVES = 2;
/** Momentum compares the tone over a quarter of the half-life with the tone over the whole. */
const FAST = 4;
/** Weight factor of a text without a tone. */
const TONELESS = 0.25;
/** Scale of the score. Mean tones vary by a few tenths; with this gain BTC reaches ±0.5 in about one hour of fourteen (docs/sentiment.md). */
const GAIN = 3;

/** Sums over the items of one coin, at one time. */
export class SentimentSum {
  readonly #params: SentimentParams;
  readonly #nowMs: number;
  #count = 0;
  #volume = 0;
  #recentVolume = 0;
  #newestTs = 0;
  readonly #slow = new Weighted();
  readonly #fast = new Weighted();

  constructor(params: SentimentParams, nowMs: number) {
    this.#params = params;
    this.#nowMs = nowMs;
  }

  add(item: ScoredItem, relevance: number): void {
    // After the clock was set back, an item from the future has the weight of a new one.
    const age = Math.max(0, this.#nowMs - item.created_ts) / this.#params.halfLifeMs;
    const freshness = 0.5 ** age;
    const tone = item.compound === 0 ? TONELESS : 1;
    const weight = attention(item) * item.damping * relevance * tone;
    this.#count += 1;
    this.#volume += freshness * item.damping;
    this.#recentVolume += freshness ** FAST * item.damping;
    this.#newestTs = Math.max(this.#newestTs, item.created_ts);
    this.#slow.add(item.compound, weight * freshness);
    this.#fast.add(item.compound, weight * freshness ** FAST);
  }

  /**
   * The sentiment of the added items; neutral if they are too few or too old.
   * @param usualTone mean tone on ordinary days, which gives a score of 0; undefined: not known yet
   */
  sentiment(usualTone: number | undefined): Sentiment {
    const basis = this.#basis(usualTone !== undefined);
    return {
      score: rounded(usualTone !== undefined && basis === 'OK' ? this.#score(usualTone) : 0),
      count: this.#count,
      basis,
      tone: rounded(this.#slow.mean),
      dispersion: rounded(this.#slow.deviation),
      volume: rounded(this.#volume),
      momentum: rounded(basis === 'OK' ? this.#momentum() : 0),
      ...(this.#newestTs > 0 ? { newest_ts: this.#newestTs } : {}),
    };
  }

  #basis(isToneKnown: boolean): SentimentBasis {
    const { halfLifeMs, minItems } = this.#params;
    if (this.#count === 0 || this.#nowMs - this.#newestTs > STALE_HALF_LIVES * halfLifeMs) return 'STALE';
    if (this.#slow.effective < minItems) return 'THIN';
    return isToneKnown ? 'OK' : 'NEW';
  }

  /** Difference of the tone from the usual one, reduced if there are few items. */
  #score(usualTone: number): number {
    return within(1, GAIN * (this.#slow.mean - usualTone) * this.#certainty(this.#slow.effective));
  }

  /**
   * Difference of the recent tone from the tone, on the score's scale and with one certainty for both. It is 0 while the tone is
   * constant, and small if few recent items contradict many old ones.
   */
  #momentum(): number {
    const certainty = this.#certainty(Math.min(this.#fast.effective, this.#recentVolume));
    return within(2, GAIN * (this.#fast.mean - this.#slow.mean) * certainty);
  }

  #certainty(items: number): number {
    return items / (items + this.#params.minItems);
  }
}

function within(limit: number, value: number): number {
  return Math.min(Math.max(value, -limit), limit);
}

/** A weighted mean with its effective number of items. */
class Weighted {
  #weight = 0;
  #squares = 0;
  #sum = 0;
  #sumOfSquares = 0;

  add(value: number, weight: number): void {
    this.#weight += weight;
    this.#squares += weight * weight;
    this.#sum += weight * value;
    this.#sumOfSquares += weight * value * value;
  }

  get mean(): number {
    return this.#weight > 0 ? this.#sum / this.#weight : 0;
  }

  get deviation(): number {
    return this.#weight > 0 ? Math.sqrt(Math.max(0, this.#sumOfSquares / this.#weight - this.mean ** 2)) : 0;
  }

  /** Effective number of items of equal weight, (Σw)²/Σw² (Kish 1965). */
  get effective(): number {
    return this.#squares > 0 ? this.#weight ** 2 / this.#squares : 0;
  }
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4 + 0;
}
