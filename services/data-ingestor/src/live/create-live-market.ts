import { MarketStreams } from '@helios/binance/streams/market-streams.ts';
import { streamUrlOf } from '@helios/binance/streams/stream-hosts.ts';
import type { MarketRecording } from '@helios/market-data/record/market-recording.ts';
import { VenueMarket } from '@helios/market-data/venue/venue-market.ts';
import type { VenueDependencies } from '@helios/market-data/venue/venue-parts.ts';
import type { LiveSymbol } from './live-symbol.ts';
import { StreamedSource, type StreamedSourceOptions } from './streamed-source.ts';

type LiveMarket = VenueMarket<'data-ingestor', LiveSymbol>;

/** Creates the market from the streams of the venue. */
export function createLiveMarket(
  dependencies: VenueDependencies<'data-ingestor'>,
  recording: MarketRecording | undefined,
): LiveMarket {
  const { settings, network, log, now, wait, stop, random, observeAge } = dependencies;
  const baseUrl = streamUrlOf(network, settings.binance.stream_url);
  const openStreams: StreamedSourceOptions['openStreams'] = (handlers) =>
    new MarketStreams({ baseUrl, now, wait, stop, random, log, ...handlers });
  return new VenueMarket(
    dependencies,
    (venue) => new StreamedSource({ venue, openStreams, observeAge, recording, now, log }),
  );
}
