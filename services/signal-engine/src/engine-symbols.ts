import { createSymbolFollower, readWatchlist } from '@helios/shared/runtime/follow-symbols.ts';
import type { ExposureReader } from './exposure-reader.ts';
import { type HydrationSources, readInstruments, readSentiment, restorePrices, warmSymbols } from './hydrate.ts';
import type { Inbox } from './inbox.ts';
import type { SymbolSubscriptions } from './symbol-subscriptions.ts';

/** Decides which symbols the engine follows: those of the watchlist, and those with open positions or orders. */
export interface EngineSymbols {
  /** Sets the current watchlist. */
  watch(symbols: readonly string[]): Promise<void>;
  /** Follows a symbol outside the watchlist while it has open positions or orders. */
  noticeExposure(symbol: string): Promise<void>;
  /** Retries subscriptions that failed before. */
  follow(): Promise<void>;
  /** Reads watchlist and positions, and follows their symbols; call it while the inbox holds messages back. */
  hydrate(): Promise<void>;
  /** Reads ticks, prices, klines and sentiment of the followed symbols again, after an outage. */
  refresh(): Promise<void>;
  readSentiment(): Promise<void>;
}

export function createEngineSymbols(
  sources: HydrationSources,
  exposure: ExposureReader,
  feed: SymbolSubscriptions,
  inbox: Inbox,
): EngineSymbols {
  const { bus, engine } = sources;
  let watchlist: readonly string[] = [];
  const follower = createSymbolFollower({ join: feed.subscribe, leave: feed.unsubscribe, onNew: makeReady });

  async function makeReady(fresh: readonly string[]): Promise<void> {
    await readInstruments(sources, fresh);
    await restorePrices(sources, fresh);
    await warmSymbols(sources, fresh);
    await readSentiment(sources, fresh);
  }

  const wanted = () => [...watchlist, ...engine.exposedSymbols()];
  const follow = () => inbox.during(() => follower.follow(wanted));

  return {
    follow,
    watch(symbols) {
      watchlist = symbols;
      return follow();
    },
    async noticeExposure(symbol) {
      if (!watchlist.includes(symbol)) await follow();
    },
    async hydrate() {
      watchlist = await readWatchlist(bus);
      await exposure.read();
      await follow();
    },
    async refresh() {
      await makeReady([...new Set(wanted())]);
    },
    readSentiment: () => readSentiment(sources, watchlist),
  };
}
