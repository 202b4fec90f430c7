import { Channels } from '@helios/shared/contracts/catalog.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';

/** Subscriptions to everything that the market says of a symbol. */
export interface SymbolSubscriptions {
  subscribe(symbol: string): Promise<void>;
  unsubscribe(symbol: string): Promise<void>;
}

const CHANNELS = [
  Channels.books,
  Channels.marketTrades,
  Channels.markPrices,
  Channels.closedKlines,
  Channels.marketBreaks,
  Channels.fallbackPrices,
] as const;

/** Hands every event of the subscribed symbols to `onEvent`, in the order of their arrival. */
export function createMarketFeed(
  bus: Bus<'signal-engine'>,
  onEvent: (event: MarketEvent) => void,
): SymbolSubscriptions {
  return {
    async subscribe(symbol) {
      for (const channel of CHANNELS) await bus.subscribe(channel, onEvent, { symbol });
    },
    async unsubscribe(symbol) {
      for (const channel of CHANNELS) await bus.unsubscribe(channel, { symbol });
    },
  };
}
