import { Channels, Rankings } from '@helios/shared/contracts/catalog.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import type { Clock } from '@helios/shared/runtime/clock.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import type { StreamWatch } from './stream-watch.ts';

interface Parts {
  readonly bus: Bus<'monitoring-agent'>;
  readonly clock: Clock;
  readonly streams: StreamWatch;
}

/** Follows the watchlist and tells `streams` of every book of every symbol on it. */
export async function watchSymbols({ bus, clock, streams }: Parts): Promise<void> {
  const followed = new Set<string>();
  let changing = Promise.resolve();

  async function subscribe(symbol: string): Promise<void> {
    await bus.subscribe(
      Channels.books,
      (book) => {
        clock.observe(book.ts_event);
        streams.onBook(symbol, clock.now());
      },
      { symbol },
    );
    await bus.subscribe(
      Channels.marketBreaks,
      (broken) => {
        clock.observe(broken.ts_event);
        if (broken.kind === 'SESSION_END') streams.onSessionEnd(symbol);
      },
      { symbol },
    );
  }

  async function unsubscribe(symbol: string): Promise<void> {
    await bus.unsubscribe(Channels.books, { symbol });
    await bus.unsubscribe(Channels.marketBreaks, { symbol });
  }

  async function follow(symbols: readonly string[]): Promise<void> {
    streams.onWatchlist(symbols, clock.now());
    for (const symbol of symbols) {
      if (followed.has(symbol)) continue;
      await subscribe(symbol);
      followed.add(symbol);
    }
    for (const symbol of followed) {
      if (symbols.includes(symbol)) continue;
      await unsubscribe(symbol);
      followed.delete(symbol);
    }
  }

  /** One change after the other, so that the last one told is the one that stands. */
  function change(next: () => Promise<readonly string[]>): Promise<void> {
    const turn = changing.then(async () => follow(await next()));
    // Redis went away in the middle: the reconnect hydrates, and what is missing is followed then.
    changing = turn.catch((error) => {
      if (!(error instanceof BusUnavailable)) throw error;
    });
    return changing;
  }

  const hydrate = () => change(async () => (await bus.getRanking(Rankings.watchlist)).map(({ member }) => member));

  bus.onReconnect(hydrate);
  await bus.subscribe(Channels.watchlistChanges, ({ symbols }) => void change(async () => symbols));
  await hydrate();
}
