import type { LiveVenue } from '@helios/binance/live/live-venue.ts';
import { LiveTrading } from '@helios/core/live/live-trading.ts';
import type { VenueNews } from '@helios/core/live/venue-port.ts';
import type { ServiceContext } from '@helios/shared/runtime/service.ts';
import { LivePath } from './live-path.ts';
import { LivePublisher } from './live-publisher.ts';
import { NewsWatch } from './news-watch.ts';
import { openVenue } from './open-venue.ts';

/** Sections that live trading and its venue read. */
export const LIVE_SECTIONS = [
  'binance',
  'polling',
  'trading',
  'risk',
  'protections',
  'fees',
  'execution',
  'signals',
  'regime',
] as const;

export type LiveServiceContext = ServiceContext<'execution-manager', (typeof LIVE_SECTIONS)[number]>;

/** What trades: the state machine, its venue, and the way of its results to Redis. */
export interface LiveCore {
  readonly trading: LiveTrading;
  readonly venue: LiveVenue;
  readonly path: LivePath;
  readonly publisher: LivePublisher;
  readonly watch: NewsWatch;
  readonly now: () => number;
}

/** Connects state machine, venue and publisher. Nothing runs yet. */
export function createLiveCore({ bus, clock, settings, mode, log }: LiveServiceContext, stop: AbortSignal): LiveCore {
  const now = () => clock.now();
  const trading = new LiveTrading({ run: mode.run, settings, startedTs: now() });
  const publisher = new LivePublisher({ bus, log, now });
  const watch = new NewsWatch(trading);
  const onNews = (news: VenueNews): void => {
    path.onNews(news);
    watch.onNews(news);
  };
  const venue = openVenue({ mode, settings, log, now, stop, onNews });
  const path = new LivePath({ trading, carryOut: (command) => venue.carryOut(command), publisher, log, now });
  return { trading, venue, path, publisher, watch, now };
}
