import { Maps, Rankings } from '@helios/shared/contracts/catalog.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import type { Clock } from '@helios/shared/runtime/clock.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Ingestor } from '../publish/publisher.ts';
import { readExposedSymbols } from './exposed-symbols.ts';
import { restoredMembers } from './watchlist-documents.ts';
import { WatchlistKeeper } from './watchlist-keeper.ts';
import type { WatchlistMarket } from './watchlist-market.ts';
import { WatchlistSource } from './watchlist-source.ts';

export interface WatchlistDependencies<P extends Ingestor> {
  readonly bus: Bus<P>;
  readonly run: string;
  readonly market: WatchlistMarket;
  readonly params: Settings['trading'];
  readonly clock: Clock;
  readonly log: Logger;
}

/** A run's watchlist. */
export interface OpenWatchlist {
  readonly source: WatchlistSource;
  /** Symbols that readers already follow, from an earlier start. */
  readonly announced: readonly string[];
}

/**
 * Opens the watchlist of a run as an earlier start left it.
 * @throws BusUnavailable while Redis cannot be reached.
 */
export async function openWatchlist<P extends Ingestor>(
  dependencies: WatchlistDependencies<P>,
): Promise<OpenWatchlist> {
  const { run, market, params, clock, log } = dependencies;
  // Every ingestor has the rights of `Ingestor`; the compiler cannot derive that from `P`.
  const bus = dependencies.bus as unknown as Bus<Ingestor>;
  const [ranking, assets] = await Promise.all([bus.getRanking(Rankings.watchlist), bus.getMap(Maps.assetScores)]);
  const keeper = new WatchlistKeeper({
    market,
    exposedSymbols: () => readExposedSymbols(bus, run),
    params,
    clock,
    restored: restoredMembers(assets, run),
  });
  const source = new WatchlistSource({ market, keeper, named: params.symbols, run, now: clock.now, log });
  return { source, announced: ranking.map(({ member }) => member) };
}
