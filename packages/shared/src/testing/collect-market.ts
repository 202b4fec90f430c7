import { Channels } from '../contracts/catalog.ts';
import type { MarketEvent } from '../domain/market-data.ts';
import type { Bus } from '../runtime/bus.ts';

/** The messages about some symbols that signal-engine would receive, in order of arrival. */
export interface HeardMarket {
  readonly heard: MarketEvent[];
  /** Events of one type, of one symbol or of all. */
  of<T extends MarketEvent['type']>(type: T, symbol?: string): Extract<MarketEvent, { type: T }>[];
}

/** Listens as signal-engine does. */
export async function collectMarket(engine: Bus<'signal-engine'>, symbols: readonly string[]): Promise<HeardMarket> {
  const heard: MarketEvent[] = [];
  const hear = (event: MarketEvent): void => void heard.push(event);
  for (const symbol of symbols) {
    await engine.subscribe(Channels.books, hear, { symbol });
    await engine.subscribe(Channels.marketTrades, hear, { symbol });
    await engine.subscribe(Channels.markPrices, hear, { symbol });
    await engine.subscribe(Channels.closedKlines, hear, { symbol });
    await engine.subscribe(Channels.marketBreaks, hear, { symbol });
    await engine.subscribe(Channels.fallbackPrices, hear, { symbol });
  }
  return {
    heard,
    of: (type, symbol) =>
      heard.filter(
        (event): event is Extract<MarketEvent, { type: typeof type }> =>
          event.type === type && (symbol === undefined || event.symbol === symbol),
      ),
  };
}
