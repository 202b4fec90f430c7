import { Channels } from '@helios/shared/contracts/catalog.ts';
import type { FrameEvents, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';

/** Subscriptions to all market events of a symbol. */
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

/** Creates the feed for lock-step: one channel carries all symbols. The subscription starts with the first symbol. */
export function createLockStepFeed(
  bus: Bus<'signal-engine'>,
  onFrames: (frames: readonly FrameEvents[]) => void,
): SymbolSubscriptions {
  let listens = false;
  return {
    async subscribe() {
      if (listens) return;
      await bus.subscribe(Channels.replayFrames, ({ frames }) => onFrames(frames));
      listens = true;
    },
    // A recording cannot drop a symbol midway, so unsubscribing does nothing.
    async unsubscribe() {},
  };
}

/** Passes every event of the subscribed symbols to `onEvent`, in order of arrival. */
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
