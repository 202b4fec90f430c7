import type { MarketEvent } from '@helios/shared/domain/market-data.ts';

/** Events that wait for their write, in order. A newer book or mark price of a symbol replaces an older one. */
export class WaitingEvents {
  readonly #events: (MarketEvent | undefined)[] = [];
  readonly #newest = new Map<string, number>();

  add(event: MarketEvent): void {
    if (event.type === 'book' || event.type === 'mark') {
      const key = `${event.type}:${event.symbol}`;
      const older = this.#newest.get(key);
      if (older !== undefined) this.#events[older] = undefined;
      this.#newest.set(key, this.#events.length);
    }
    this.#events.push(event);
  }

  all(): MarketEvent[] {
    return this.#events.filter((event) => event !== undefined);
  }
}
