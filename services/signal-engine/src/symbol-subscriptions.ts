import { Channels } from '@helios/shared/contracts/catalog.ts';
import type { FrameEvents, MarketEvent } from '@helios/shared/domain/market-data.ts';
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

/** In lock-step the market of all symbols comes by one channel, which is listened to from the first symbol on. */
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
    // Frames hold whatever the recording does; a symbol is not left in the middle of it.
    async unsubscribe() {},
  };
}

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
