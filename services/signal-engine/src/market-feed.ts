import { Channels } from '@helios/shared/contracts/catalog.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';

/** The market channels of the symbols that are followed. */
export interface MarketFeed {
  /** Follows exactly these symbols; `onNew` runs for those that were not followed before, once they are. */
  follow(symbols: ReadonlySet<string>, onNew: (symbols: readonly string[]) => Promise<void>): Promise<void>;
}

const CHANNELS = [
  Channels.books,
  Channels.marketTrades,
  Channels.markPrices,
  Channels.closedKlines,
  Channels.marketBreaks,
  Channels.fallbackPrices,
] as const;

/** Hands every event of the followed symbols to `onEvent`, in the order of their arrival. */
export function createMarketFeed(bus: Bus<'signal-engine'>, onEvent: (event: MarketEvent) => void): MarketFeed {
  const followed = new Set<string>();
  const begun = new Set<string>();

  async function subscribe(symbol: string): Promise<void> {
    await bus.subscribe(Channels.books, onEvent, { symbol });
    await bus.subscribe(Channels.marketTrades, onEvent, { symbol });
    await bus.subscribe(Channels.markPrices, onEvent, { symbol });
    await bus.subscribe(Channels.closedKlines, onEvent, { symbol });
    await bus.subscribe(Channels.marketBreaks, onEvent, { symbol });
    await bus.subscribe(Channels.fallbackPrices, onEvent, { symbol });
  }

  async function leave(symbol: string): Promise<void> {
    followed.delete(symbol);
    begun.delete(symbol);
    for (const channel of CHANNELS) await bus.unsubscribe(channel, { symbol });
  }

  async function join(symbol: string): Promise<void> {
    // A channel subscribed to twice would be heard twice: what was broken off half-way begins anew.
    if (begun.has(symbol)) await leave(symbol);
    begun.add(symbol);
    await subscribe(symbol);
  }

  return {
    async follow(symbols, onNew) {
      for (const symbol of [...followed]) if (!symbols.has(symbol)) await leave(symbol);
      const fresh = [...symbols].filter((symbol) => !followed.has(symbol));
      if (fresh.length === 0) return;
      for (const symbol of fresh) await join(symbol);
      await onNew(fresh);
      for (const symbol of fresh) followed.add(symbol);
    },
  };
}
