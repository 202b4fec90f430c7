import { createPublicRest, type PublicRest } from '@helios/binance/rest/public-rest.ts';
import { RateGovernor } from '@helios/binance/rest/rate-governor.ts';
import { restUrlOf } from '@helios/binance/rest/venue-hosts.ts';
import { Lists, Rankings, Records } from '@helios/shared/contracts/catalog.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { VenueStatus } from '@helios/shared/domain/venue-status.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import type { HttpClient } from '@helios/shared/runtime/http-client.ts';
import { createRedisRetry } from '@helios/shared/runtime/redis-outage.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { createThrottledLog, type ThrottledLog } from '@helios/shared/runtime/throttled-log.ts';
import { PublishQueue } from '../publish/publish-queue.ts';
import { type Ingestor, Publisher } from '../publish/publisher.ts';
import { openWatchlist } from '../watchlist/open-watchlist.ts';
import { createRestWatchlistMarket } from '../watchlist/rest-watchlist-market.ts';
import type { ChosenWatchlist } from '../watchlist/watchlist-source.ts';
import { KlineFreshness } from './kline-freshness.ts';
import { KlineKeeper, type KlineKeeperOptions } from './kline-keeper.ts';
import { VenueClock } from './venue-clock.ts';
import { VenueState } from './venue-state.ts';

/** Dependencies of a venue market; a test passes its own. */
export interface VenueDependencies<P extends Ingestor> {
  readonly bus: Bus<P>;
  readonly settings: Pick<Settings, 'binance' | 'polling' | 'trading'>;
  readonly network: 'mainnet' | 'testnet';
  readonly run: string;
  readonly log: Logger;
  readonly http: HttpClient;
  /** Epoch ms. */
  readonly now: () => number;
  /** Resolves early when stopped. */
  readonly wait: (ms: number) => Promise<void>;
  readonly stop: AbortSignal;
  /** Uniform in 0..1. */
  readonly random: () => number;
  /** Receives the age of each book at its publication, ms. */
  readonly observeAge: (ageMs: number) => void;
}

export type VenueParts<P extends Ingestor> = ReturnType<typeof createVenueParts<P>>;

/** Creates the parts of a venue market, with polled or streamed books. */
export function createVenueParts<P extends Ingestor>(dependencies: VenueDependencies<P>) {
  const { settings, network, run, log, http, now, wait, stop, random } = dependencies;
  const { binance, polling, trading } = settings;
  // Every ingestor has the rights of `Ingestor`; the compiler cannot derive that from `P`.
  const bus = dependencies.bus as unknown as Bus<Ingestor>;
  const clock = new VenueClock(now, log);
  const governor = new RateGovernor({ now: clock.now, share: polling.weight_share });
  const baseUrl = restUrlOf(network, binance.rest_url);
  const rest = createPublicRest({ baseUrl, http, governor, timeoutMs: polling.timeout_ms, now, wait, stop });
  const publishQueue = new PublishQueue(new Publisher(dependencies.bus), log);
  const troubles = createThrottledLog(log, now);
  const klines = createKlineKeeper({ bus, rest, publishQueue, clock, troubles, log });
  const market = createRestWatchlistMarket({
    rest,
    log,
    venueNow: clock.now,
    onWeightLimit(perMinute) {
      governor.limitPerMinute = perMinute;
    },
  });
  const untilRedisTakesIt = createRedisRetry({ log, stop });
  return {
    rest,
    governor,
    clock,
    state: new VenueState({ now, random }),
    klines,
    publishQueue,
    troubles,
    /** Opens the watchlist of an earlier start. Resolves to undefined if stopped meanwhile. */
    openWatchlist: () =>
      untilRedisTakesIt(() => openWatchlist({ bus, run, market, params: trading, clock: { now, observe() {} }, log })),
    writeWatchlist: (chosen: ChosenWatchlist) => untilRedisTakesIt(() => bus.write(chosen.write)),
    /** Resolves to whether Redis has a watchlist; undefined if stopped meanwhile. */
    isListed: () => untilRedisTakesIt(async () => (await bus.getRanking(Rankings.watchlist)).length > 0),
    writeStatus: (status: VenueStatus) =>
      untilRedisTakesIt(() => bus.write((batch) => batch.setRecord(Records.venueStatus, status))),
  };
}

interface KlineParts {
  readonly bus: Bus<Ingestor>;
  readonly rest: PublicRest;
  readonly publishQueue: KlineKeeperOptions['publishQueue'];
  readonly clock: VenueClock;
  readonly troubles: ThrottledLog;
  readonly log: Logger;
}

function createKlineKeeper({ bus, rest, publishQueue, clock, troubles, log }: KlineParts): KlineKeeper {
  let offGrid = 0;
  return new KlineKeeper({
    rest,
    publishQueue,
    newestListed: async (symbol, interval) => (await bus.getList(Lists.klines, 1, { symbol, interval }))[0]?.open_ts,
    clockReading: clock.clockReading,
    freshness: new KlineFreshness(log),
    onOffGrid({ symbol, interval, rows }) {
      offGrid += rows.length;
      const fields = {
        symbol,
        interval,
        rows: rows.length,
        rows_since_start: offGrid,
        first_open_ts: rows[0]?.openTs,
        advice: 'The venue sent klines with odd times, for example after a halt. The others are used; nothing to do.',
      };
      troubles.warn('klines off the grid', fields, 'klines whose times are off the interval’s grid are not used');
    },
  });
}
