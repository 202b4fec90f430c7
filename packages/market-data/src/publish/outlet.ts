import type { Kline, KlineInterval, MarketEvent } from '@helios/shared/domain/market-data.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Ingestor, Publisher } from './publisher.ts';
import { WaitingEvents } from './waiting-events.ts';

/**
 * Publishes one write after the other; what comes meanwhile goes out with the next one, of each symbol's books only the newest.
 * While Redis is away candles are kept and everything else is dropped, as losing a book is harmless and an old one is not.
 */
export class Outlet<P extends Ingestor> {
  readonly #publisher: Publisher<P>;
  readonly #log: Logger;
  #tail: Promise<void> = Promise.resolve();
  #isAway = false;
  #waiting = new WaitingEvents();
  /** The write that takes what waits. */
  #nextPublish: Promise<void> | undefined;

  constructor(publisher: Publisher<P>, log: Logger) {
    this.#publisher = publisher;
    this.#log = log;
  }

  /** Resolves when these events were written or dropped; rejects on a fault of ours only. */
  publish(events: readonly MarketEvent[]): Promise<void> {
    for (const event of events) this.#waiting.add(event);
    this.#nextPublish ??= this.#next(() => this.#publishWaiting());
    return this.#nextPublish;
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

  /** Puts a corrected candle in the place of the one that is listed. Resolves to false where Redis did not take it. */
  async correctKline(kline: Kline): Promise<boolean> {
    let taken = false;
    await this.#next(async () => {
      await this.#publisher.correctKline(kline);
      taken = true;
    });
    return taken;
  }

  async #publishWaiting(): Promise<void> {
    const events = this.#waiting.all();
    this.#waiting = new WaitingEvents();
    this.#nextPublish = undefined;
    try {
      await this.#publisher.publish(events);
    } catch (error) {
      this.#publisher.hold(events);
      throw error;
    }
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
