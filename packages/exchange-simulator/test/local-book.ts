import { BookSync } from '@helios/binance/book-sync.ts';
import { parseFrame } from '@helios/binance/parse-frame.ts';
import type { DepthUpdate } from '@helios/binance/wire/depth-update.ts';
import { OrderBook } from '@helios/core/book/order-book.ts';
import type { StreamClient } from './stream-client.ts';

/** A local book from one stream by the venue's rule, built with the product's own code. */
export class LocalBook {
  readonly book = new OrderBook();
  readonly #sync = new BookSync();
  readonly #stream: string;
  #taken = 0;
  /** `u` of the last applied update. `gaps` counts repeated snapshots. */
  lastId = 0;
  gaps = 0;

  constructor(stream: string) {
    this.#stream = stream;
  }

  get isSynced(): boolean {
    return this.#sync.isSynced;
  }

  snapshot(body: unknown): void {
    const snapshot = parseFrame(JSON.stringify(body), 'BTCUSDT');
    if (snapshot.kind !== 'DEPTH_SNAPSHOT') throw new Error(JSON.stringify(snapshot));
    const step = this.#sync.onSnapshot(snapshot);
    if (step.kind !== 'RESET') return;
    this.book.reset(snapshot);
    this.lastId = snapshot.lastUpdateId;
    for (const update of step.updates) this.#apply(update);
  }

  /** Applies the new frames; every frame must be a valid update. */
  take(client: StreamClient): void {
    for (const text of client.texts.slice(this.#taken)) {
      const update = parseFrame(text);
      if (!text.startsWith(`{"stream":"${this.#stream}"`)) continue;
      if (update.kind !== 'DEPTH_UPDATE') throw new Error(text);
      const step = this.#sync.onUpdate(update);
      if (step.kind === 'APPLY') this.#apply(update);
      if (step.kind === 'INVALID') this.gaps += 1;
    }
    this.#taken = client.texts.length;
  }

  #apply(update: DepthUpdate): void {
    this.book.apply(update);
    this.lastId = update.lastUpdateId;
  }
}
