import { Channels, Rankings, Values } from '@helios/shared/contracts/catalog.ts';
import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import type { Clock } from '@helios/shared/runtime/clock.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import type { PriceBoard } from './price-board.ts';

interface Parts {
  readonly bus: Bus<'dashboard-api'>;
  readonly clock: Clock;
  readonly mode: FleetMode;
  readonly board: PriceBoard;
}

/** Keeps the price board on the watchlist's books; hydrates from the samples at start and after a reconnect. */
export async function followMarket({ bus, clock, mode, board }: Parts): Promise<void> {
  const followed = new Set<string>();
  let changing = Promise.resolve();

  async function follow(symbol: string): Promise<void> {
    await bus.subscribe(
      Channels.books,
      (book) => {
        clock.observe(book.ts_event);
        board.onBook(book);
      },
      { symbol },
    );
    await bus.subscribe(Channels.fallbackPrices, (price) => board.onFallback(price), { symbol });
    followed.add(symbol);
  }

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

  async function followAll(symbols: readonly string[]): Promise<void> {
    board.onWatchlist(symbols);
    for (const symbol of symbols) if (!followed.has(symbol)) await follow(symbol);
    for (const symbol of followed) {
      if (symbols.includes(symbol)) continue;
      await bus.unsubscribe(Channels.books, { symbol });
      await bus.unsubscribe(Channels.fallbackPrices, { symbol });
      followed.delete(symbol);
    }
    await Promise.all(symbols.map(hydrate));
  }

  /** One change after the other, so that the last one told is the one that stands. */
  function change(next: () => Promise<readonly string[]>): Promise<void> {
    const turn = changing.then(async () => followAll(await next()));
    // Redis went away in the middle: the reconnect hydrates, and what is missing is followed then.
    changing = turn.catch((error) => {
      if (!(error instanceof BusUnavailable)) throw error;
    });
    return changing;
  }

  const reload = () => change(async () => (await bus.getRanking(Rankings.watchlist)).map(({ member }) => member));

  bus.onReconnect(reload);
  await bus.subscribe(Channels.watchlistChanges, ({ symbols }) => void change(async () => symbols));
  await reload();
}

/** Reads the samples of the last trades onto the board. */
export async function readLastTrades({ bus, mode, board }: Pick<Parts, 'bus' | 'mode' | 'board'>): Promise<void> {
  const read = async (symbol: string) => {
    const trade = await bus.get(Values.trade, { symbol });
    if (trade && isOfThisStart(mode, trade)) board.onTrade(trade);
  };
  await Promise.all(board.symbols().map(read));
}

/** A sample of an earlier replay is dated by the recording's end and would put the frame clock there. */
function isOfThisStart(mode: FleetMode, sample: { readonly ts_init: number }): boolean {
  return mode.source?.kind !== 'replay' || sample.ts_init >= mode.resolved_ts;
}
