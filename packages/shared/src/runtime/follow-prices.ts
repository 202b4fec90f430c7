import { Channels, Values } from '../contracts/catalog.ts';
import type { FleetMode } from '../domain/fleet.ts';
import type { Book } from '../domain/market-data.ts';
import type { Bus } from './bus.ts';
import type { Clock } from './clock.ts';
import { createWatchlistFollower, type WatchlistFollower } from './follow-symbols.ts';
import type { PriceBoard } from './price-board.ts';

interface Parts {
  readonly bus: Bus<'monitoring-agent' | 'dashboard-api'>;
  readonly clock: Clock;
  readonly mode: FleetMode;
  readonly board: PriceBoard;
  /** Extra work of the service for each list and each book, and when a symbol joins or leaves. */
  readonly onWatchlist?: (symbols: readonly string[]) => void;
  readonly onBook?: (book: Book) => void;
  readonly join?: (symbol: string) => Promise<void>;
  readonly leave?: (symbol: string) => Promise<void>;
}

/**
 * Feeds the price board with the sampled books of the watchlist. Reads the samples again after each new list and each
 * return of Redis.
 */
export function createPriceFollower(parts: Parts): WatchlistFollower {
  const { bus, clock, mode, board, onWatchlist, onBook, join, leave } = parts;

  async function hydrate(symbol: string): Promise<void> {
    const [book, fallback] = await Promise.all([
      bus.get(Values.orderbook, { symbol }),
      bus.get(Values.fallbackPrice, { symbol }),
    ]);
    if (fallback && mode.mode !== 'synthetic') board.onFallback(fallback);
    if (!book || !isOfThisStart(mode, book)) return;
    clock.observe(book.ts_event);
    board.onBook(book);
  }

  return createWatchlistFollower({
    bus,
    onWatchlist(symbols) {
      board.onWatchlist(symbols);
      onWatchlist?.(symbols);
    },
    async join(symbol) {
      await bus.subscribe(
        Channels.bookSamples,
        (book) => {
          clock.observe(book.ts_event);
          board.onBook(book);
          onBook?.(book);
        },
        { symbol },
      );
      await bus.subscribe(Channels.fallbackPrices, (price) => board.onFallback(price), { symbol });
      await join?.(symbol);
    },
    async leave(symbol) {
      await bus.unsubscribe(Channels.bookSamples, { symbol });
      await bus.unsubscribe(Channels.fallbackPrices, { symbol });
      await leave?.(symbol);
    },
    async onFollowed(symbols) {
      await Promise.all(symbols.map(hydrate));
    },
  });
}

/** Reads the last trade of each symbol into the board. */
export async function readLastTrades({ bus, mode, board }: Pick<Parts, 'bus' | 'mode' | 'board'>): Promise<void> {
  const read = async (symbol: string) => {
    const trade = await bus.get(Values.trade, { symbol });
    if (trade && isOfThisStart(mode, trade)) board.onTrade(trade);
  };
  await Promise.all(board.symbols().map(read));
}

/** False for a sample of an earlier replay: it may have the time of the recording's end, and would move the frame clock there. */
function isOfThisStart(mode: FleetMode, sample: { readonly ts_init: number }): boolean {
  return mode.source?.kind !== 'replay' || sample.ts_init >= mode.resolved_ts;
}
