import type { RestFailure } from '@helios/binance/rest/rest-answer.ts';
import { Wait } from '@helios/core/time/wait.ts';
import type { MarketVenue } from '@helios/market-data/venue/venue-market.ts';
import type { FallbackPrice } from '@helios/shared/domain/market-data.ts';
import { backoffMs } from '@helios/shared/runtime/backoff.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { type CoinGeckoCoin, coinOf } from './coingecko/coin-ids.ts';
import type { CoinPrice } from './coingecko/coin-price.ts';
import type { CoinGecko } from './coingecko/coingecko.ts';
import type { WatchedSymbol } from './watched-symbol.ts';

/** Time between two checks whether the venue is away. */
const LOOK_MS = 250;
const MAX_PAUSE_MS = 600_000;
/** Maximum ratio to the venue's last price. Beyond it the price is of another coin, or of another number of coins. */
const MAX_RATIO = 2;

export interface FallbackFeedOptions {
  readonly venue: Pick<MarketVenue<WatchedSymbol>, 'state' | 'names' | 'find' | 'publish'>;
  /** Undefined: never used. */
  readonly coinGecko: CoinGecko | undefined;
  readonly intervalMs: number;
  /** Maximum age of a price, ms. */
  readonly lastsMs: number;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly stop: AbortSignal;
  /** Uniform in 0..1. */
  readonly random: () => number;
  readonly log: Logger;
}

/** Publishes prices from CoinGecko, marked as such, while the venue is away. */
export class FallbackFeed {
  readonly #options: FallbackFeedOptions;
  readonly #priceTs = new Map<string, number>();
  /** Warnings already logged, by symbol. */
  readonly #logged = new Set<string>();
  #failure: RestFailure | undefined;
  #failures = 0;

  constructor(options: FallbackFeedOptions) {
    this.#options = options;
  }

  /** When CoinGecko computed the last price of a symbol, epoch ms. Reading the same price again does not change it. */
  priceTs(symbol: string): number | undefined {
    return this.#priceTs.get(symbol);
  }

  /** Resolves when stopped; rejects on a bug. */
  async run(): Promise<void> {
    const { venue, now, wait, stop } = this.#options;
    const pause = new Wait();
    while (!stop.aborted) {
      if (venue.state.cause !== undefined && pause.leftMs(now()) === 0) pause.restart(await this.#ask(), now());
      await wait(LOOK_MS);
    }
  }

  /** One round; resolves to the pause before the next, ms. */
  async #ask(): Promise<number> {
    const { coinGecko, venue, intervalMs } = this.#options;
    if (coinGecko === undefined) return intervalMs;
    const coins = this.#coinsOf(venue.names);
    if (coins.size === 0) return intervalMs;
    const answer = await coinGecko.prices([...new Set([...coins.values()].map(({ id }) => id))]);
    if (answer.kind === 'FAILURE') return this.#onFailure(answer);
    this.#onAnswer();
    const prices = this.#pricesOf(coins, answer.prices);
    if (prices.length > 0) await venue.publish(prices);
    return intervalMs;
  }

  #coinsOf(symbols: readonly string[]): ReadonlyMap<string, CoinGeckoCoin> {
    const coins = new Map<string, CoinGeckoCoin>();
    for (const symbol of symbols) {
      const coin = coinOf(symbol);
      if (coin !== undefined) coins.set(symbol, coin);
      else this.#warnOnce(symbol, { symbol }, 'no CoinGecko id is known for this symbol: it has no fallback price');
    }
    return coins;
  }

  #pricesOf(coins: ReadonlyMap<string, CoinGeckoCoin>, answer: readonly CoinPrice[]): readonly FallbackPrice[] {
    const byId = new Map(answer.map((price) => [price.id, price]));
    const now = this.#options.now();
    const prices: FallbackPrice[] = [];
    for (const [symbol, { id, units }] of coins) {
      const found = byId.get(id);
      if (found === undefined) {
        this.#warnOnce(symbol, { symbol, coin: id }, 'CoinGecko gave no price for this coin: it has no fallback price');
        continue;
      }
      const price = found.usd * units;
      const ts_event = Math.min(found.ts, now);
      if (!this.#isYoung(symbol, now - ts_event) || !this.#isPlausible(symbol, price)) continue;
      this.#priceTs.set(symbol, ts_event);
      prices.push({
        type: 'fallback',
        symbol,
        ts_event,
        ts_init: now,
        price: decimalOf(price),
        source: 'coingecko',
      });
    }
    return prices;
  }

  #isYoung(symbol: string, ageMs: number): boolean {
    if (ageMs <= this.#options.lastsMs) return true;
    const fields = { symbol, age_sec: Math.round(ageMs / 1_000) };
    this.#warnOnce(symbol, fields, 'CoinGecko’s price is too old, not used');
    return false;
  }

  #isPlausible(symbol: string, price: number): boolean {
    const last = this.#options.venue.find(symbol)?.mid;
    if (last === undefined || (price < last * MAX_RATIO && price > last / MAX_RATIO)) return true;
    const fields = { symbol, price, venue_price: last };
    this.#warnOnce(symbol, fields, 'CoinGecko’s price is too far from the venue’s last one, not used');
    return false;
  }

  #onFailure(failure: RestFailure): number {
    const { log, intervalMs, random } = this.#options;
    if (this.#failure?.code !== failure.code) {
      const { code, detail, advice } = failure;
      log.warn({ code, problem: detail, advice }, 'CoinGecko gives no fallback prices either');
      this.#failures = 0;
    }
    this.#failure = failure;
    const pause = backoffMs({ baseMs: intervalMs, maxMs: Math.max(intervalMs, MAX_PAUSE_MS) }, this.#failures);
    this.#failures += 1;
    return Math.max(failure.retryAfterMs ?? 0, pause) * (1 + random() / 4);
  }

  #onAnswer(): void {
    if (this.#failure !== undefined) this.#options.log.info({}, 'CoinGecko answers again');
    this.#failure = undefined;
    this.#failures = 0;
  }

  #warnOnce(symbol: string, fields: object, message: string): void {
    const what = `${symbol}: ${message}`;
    if (this.#logged.has(what)) return;
    this.#logged.add(what);
    this.#options.log.warn(fields, message);
  }
}

/** Decimal digits without an exponent, as the venue writes prices; twelve significant ones. */
export function decimalOf(value: number): string {
  const digits = Math.max(0, 11 - Math.floor(Math.log10(value)));
  const text = value.toFixed(Math.min(20, digits));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
