import type { ScoredItem } from '@helios/shared/domain/scored-item.ts';
import type { Sentiment, SentimentParams } from './sentiment-sum.ts';
import { SentimentSum } from './sentiment-sum.ts';
import { MARKET } from './usual-tones.ts';

/** An item is dropped after this many half-lives, when 1/256 of its weight is left. */
const LIFE_HALF_LIVES = 8;

/** Holds the items of the last days, and computes the sentiment of each coin and of the market from them. */
export class SentimentBook {
  readonly #params: SentimentParams;
  /** Items by id, in order of arrival. */
  readonly #items = new Map<string, ScoredItem>();

  constructor(params: SentimentParams) {
    this.#params = params;
  }

  has(itemId: string): boolean {
    return this.#items.has(itemId);
  }

  add(item: ScoredItem): void {
    this.#items.set(item.item_id, item);
    if (this.#items.size <= this.#params.capacity) return;
    const [oldest] = this.#items.keys();
    if (oldest !== undefined) this.#items.delete(oldest);
  }

  /** Ids of the held items, in order of arrival. */
  ids(): string[] {
    return [...this.#items.keys()];
  }

  /** Updates votes and comments, which continue after an item was scored. */
  updateVotes(itemId: string, upvotes: number, comments: number): void {
    const item = this.#items.get(itemId);
    if (item) this.#items.set(itemId, { ...item, upvotes, comments });
  }

  /** Removes an item that its author or a moderator deleted. */
  remove(itemId: string): void {
    this.#items.delete(itemId);
  }

  get size(): number {
    return this.#items.size;
  }

  /** Drops items that are too old at `nowMs`. */
  expire(nowMs: number): void {
    const oldest = nowMs - LIFE_HALF_LIVES * this.#params.halfLifeMs;
    for (const [id, item] of this.#items) if (item.created_ts < oldest) this.#items.delete(id);
  }

  /**
   * Sentiment of the market and of each of these base assets. Items from the future do not count yet.
   * @param usualTone of a base asset, or of the market for `global`; undefined: not known yet
   */
  sentiments(
    bases: Iterable<string>,
    nowMs: number,
    usualTone: (name: string) => number | undefined,
  ): { readonly market: Sentiment; readonly coins: ReadonlyMap<string, Sentiment> } {
    const market = new SentimentSum(this.#params, nowMs);
    const coins = new Map([...bases].map((base) => [base, new SentimentSum(this.#params, nowMs)]));
    for (const item of this.#items.values()) {
      if (item.created_ts > nowMs) continue;
      market.add(item, 1);
      for (const [base, relevance] of Object.entries(item.relevance)) coins.get(base)?.add(item, relevance);
    }
    return {
      market: market.sentiment(usualTone(MARKET)),
      coins: new Map([...coins].map(([base, sum]) => [base, sum.sentiment(usualTone(base))])),
    };
  }
}
