import type { Kline, KlineInterval, MarketEvent } from '@helios/shared/domain/market-data.ts';
import { createRedisOutage, type RedisOutage } from '@helios/shared/runtime/redis-outage.ts';
import { createSerialQueue } from '@helios/shared/runtime/serial-queue.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Ingestor, Publisher } from './publisher.ts';
import { WaitingEvents } from './waiting-events.ts';

/**
 * Publishes one write after the other. Events that arrive during a write go out with the next one; of the books of a symbol only
 * the newest. While Redis is away it keeps klines and drops everything else: losing a book is harmless, publishing an old one is
 * not.
 */
export class PublishQueue<P extends Ingestor> {
  readonly #publisher: Publisher<P>;
  readonly #outage: RedisOutage;
  readonly #inTurn = createSerialQueue();
  #waiting = new WaitingEvents();
  /** The next write; it takes all waiting events. */
  #nextPublish: Promise<void> | undefined;

  constructor(publisher: Publisher<P>, log: Logger) {
    this.#publisher = publisher;
    this.#outage = createRedisOutage(log, {
      begun: 'market events are dropped until redis is back',
      over: 'redis is back, continuing',
    });
  }

  /** Resolves when these events were written or dropped; rejects only on a bug of ours. */
  publish(events: readonly MarketEvent[]): Promise<void> {
    for (const event of events) this.#waiting.add(event);
    this.#nextPublish ??= this.#next(() => this.#publishWaiting());
    return this.#nextPublish;
  }

  /** Replaces a list of closed klines, oldest first. Resolves to false if Redis did not accept it. */
  async replaceKlines(symbol: string, interval: KlineInterval, klines: readonly Kline[]): Promise<boolean> {
    let taken = false;
    await this.#next(async () => {
      await this.#publisher.replaceKlines(symbol, interval, klines);
      taken = true;
    });
    return taken;
  }

  /** Replaces a listed kline with its corrected version. Resolves to false if Redis did not accept it. */
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

  async #next(write: () => Promise<void>): Promise<void> {
    await this.#inTurn(() => this.#outage.attempt(write));
  }
}
