import { MarketStreams } from '@helios/binance/streams/market-streams.ts';
import { streamUrlOf } from '@helios/binance/streams/stream-hosts.ts';
import { assembleVenue, type VenueDependencies, type VenueParts } from '@helios/market-data/venue/assemble-venue.ts';
import { describeNotice } from '../describe-notice.ts';
import { LiveMarket } from './live-market.ts';
import { type LiveNotice, LiveSymbol } from './live-symbol.ts';

/** Wires the live market together. */
export function assembleLiveMarket(dependencies: VenueDependencies<'data-ingestor'>): LiveMarket {
  const { settings, network, log, now, wait, stop, random, observeAge } = dependencies;

  function onNotice(notice: LiveNotice): void {
    if (notice.kind !== 'STAMPED_AHEAD') {
      const { fields, message } = describeNotice(notice);
      venue.troubles.warn(`${notice.kind} ${notice.symbol}`, fields, message);
      return;
    }
    const { symbol, what, ts } = notice;
    venue.troubles.warn(
      `STAMPED_AHEAD ${symbol}`,
      { symbol, what, ts },
      'stamped later than the venue’s time, dropped',
    );
  }

  const venue: VenueParts<'data-ingestor', LiveSymbol> = assembleVenue(
    dependencies,
    (symbol) => new LiveSymbol(symbol, { clockReading: venue.clock.clockReading, onNotice }),
  );
  const baseUrl = streamUrlOf(network, settings.binance.stream_url);
  return new LiveMarket({
    ...venue,
    openStreams: (handlers) => new MarketStreams({ baseUrl, now, wait, stop, random, log, ...handlers }),
    observeAge,
  });
}
