import { createSymbolFollower, readWatchlist } from '@helios/shared/runtime/follow-symbols.ts';
import type { ExposureReader } from './exposure-reader.ts';
import { type HydrationSources, readInstruments, readSentiment, restorePrices, warmSymbols } from './hydrate.ts';
import type { Inbox } from './inbox.ts';
import type { SymbolSubscriptions } from './symbol-subscriptions.ts';

/** Decides which symbols' market the engine hears: those of the watchlist, and those with anything open. */
export interface EngineSymbols {
  /** The watchlist as it is now. */
  watch(symbols: readonly string[]): Promise<void>;
  /** Hears a symbol although the watchlist does not name it, while something is open there. */
  noticeExposure(symbol: string): Promise<void>;
  /** Catches up with what could not be subscribed to before. */
  follow(): Promise<void>;
  /** Reads watchlist and holdings, and follows them; call it with messages held back. */
  hydrate(): Promise<void>;
  /** Ticks, prices, candles and moods of what is followed already, after an outage. */
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
