import type { Kline, KlineInterval, MarketEvent } from '@helios/shared/domain/market-data.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Ingestor, Publisher } from './publisher.ts';

/**
 * Publishes one thing after the other. While Redis is away candles are kept and everything else is dropped, as losing a book is
 * harmless and an old one is not.
 */
export class Outlet<P extends Ingestor> {
  readonly #publisher: Publisher<P>;
  readonly #log: Logger;
  #tail: Promise<void> = Promise.resolve();
  #isAway = false;

  constructor(publisher: Publisher<P>, log: Logger) {
    this.#publisher = publisher;
    this.#log = log;
  }

  /** Rejects on a fault of ours only. */
  publish(events: readonly MarketEvent[]): Promise<void> {
    return this.#next(async () => {
      try {
        await this.#publisher.publish(events);
      } catch (error) {
        this.#publisher.hold(events);
        throw error;
      }
    });
  }

  /** Replaces a list of closed candles, given oldest first. Resolves to false where Redis did not take it. */
  async replaceKlines(symbol: string, interval: KlineInterval, klines: readonly Kline[]): Promise<boolean> {
    let taken = false;
    await this.#next(async () => {
      await this.#publisher.replaceKlines(symbol, interval, klines);
      taken = true;
    });
    return taken;
  }

  #next(write: () => Promise<void>): Promise<void> {
    const turn = this.#tail.then(() => this.#attempt(write));
    this.#tail = turn.catch(() => {});
    return turn;
  }

  async #attempt(write: () => Promise<void>): Promise<void> {
    try {
      await write();
      if (this.#isAway) this.#log.info({}, 'redis is back, going on');
      this.#isAway = false;
    } catch (error) {
      if (!(error instanceof BusUnavailable)) throw error;
      if (!this.#isAway) {
        const fields = { code: error.code, problem: error.message };
        this.#log.warn(fields, 'market events are dropped until redis is back');
      }
      this.#isAway = true;
    }
  }
}
