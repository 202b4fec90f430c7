import type { HoldingsReader } from './holdings-reader.ts';
import { type HydrationSources, readSentiment, readWatchlist, recallPrices, warmSymbols } from './hydrate.ts';
import type { Inbox } from './inbox.ts';
import type { MarketFeed } from './market-feed.ts';

/** Decides which symbols are heard: those of the watchlist, and those with anything open. */
export interface SymbolFollower {
  /** The watchlist as it is now. */
  watch(symbols: readonly string[]): Promise<void>;
  /** Hears a symbol although the watchlist does not name it, while something is open there. */
  noticeHeld(symbol: string): Promise<void>;
  /** Catches up with what could not be subscribed to before. */
  follow(): Promise<void>;
  /** Reads watchlist and holdings, and follows them; call it with messages held back. */
  hydrate(): Promise<void>;
  /** Prices, candles and moods of what is followed already, after an outage. */
  refresh(): Promise<void>;
  readSentiment(): Promise<void>;
}

export function createSymbolFollower(
  sources: HydrationSources,
  holdings: HoldingsReader,
  feed: MarketFeed,
  inbox: Inbox,
): SymbolFollower {
  const { bus, engine } = sources;
  let watchlist: readonly string[] = [];
  let following: Promise<void> = Promise.resolve();

  async function makeReady(fresh: readonly string[]): Promise<void> {
    await recallPrices(sources, fresh);
    await warmSymbols(sources, fresh);
    await readSentiment(sources, fresh);
  }

  /** Each change after the one before, whatever became of that. */
  function follow(): Promise<void> {
    const change = () => inbox.during(() => feed.follow(new Set([...watchlist, ...engine.heldSymbols()]), makeReady));
    following = following.catch(() => {}).then(change);
    return following;
  }

  return {
    follow,
    watch(symbols) {
      watchlist = symbols;
      return follow();
    },
    async noticeHeld(symbol) {
      if (!watchlist.includes(symbol)) await follow();
    },
    async hydrate() {
      watchlist = await readWatchlist(bus);
      await holdings.read();
      await follow();
    },
    async refresh() {
      await makeReady([...new Set([...watchlist, ...engine.heldSymbols()])]);
    },
    readSentiment: () => readSentiment(sources, watchlist),
  };
}
