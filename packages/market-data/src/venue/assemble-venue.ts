import { createPublicRest, type PublicRest } from '@helios/binance/rest/public-rest.ts';
import { RateGovernor } from '@helios/binance/rest/rate-governor.ts';
import { restUrlOf } from '@helios/binance/rest/venue-hosts.ts';
import { Lists, Rankings, Records } from '@helios/shared/contracts/catalog.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import type { HttpClient } from '@helios/shared/runtime/http-client.ts';
import { createRedisRetry } from '@helios/shared/runtime/redis-outage.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { createThrottledLog, type ThrottledLog } from '@helios/shared/runtime/throttled-log.ts';
import { PublishQueue } from '../publish/publish-queue.ts';
import { type Ingestor, Publisher } from '../publish/publisher.ts';
import { openWatchlist } from '../watchlist/open-watchlist.ts';
import { createRestWatchlistMarket } from '../watchlist/rest-watchlist-market.ts';
import { KlineFreshness } from './kline-freshness.ts';
import { KlineKeeper, type KlineKeeperOptions } from './kline-keeper.ts';
import { VenueClock } from './venue-clock.ts';
import type { VenueSessionOptions } from './venue-session.ts';
import { VenueState } from './venue-state.ts';
import { type RegisteredSymbol, WatchlistRegistry } from './watchlist-registry.ts';

/** The world that a venue's market works in; a test gives its own. */
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
  /** A book was this old when it was published, ms. */
  readonly observeAge: (ageMs: number) => void;
}

/** What a market at the venue is made of, whether it is polled or streamed. */
export interface VenueParts<P extends Ingestor, S extends RegisteredSymbol>
  extends Omit<VenueSessionOptions<S>, 'follow' | 'onAnswering'> {
  readonly rest: PublicRest;
  readonly klines: KlineKeeper;
  readonly publishQueue: PublishQueue<P>;
}

/** Wires together what markets at the venue have in common. `watch` begins to watch a symbol. */
export function assembleVenue<P extends Ingestor, S extends RegisteredSymbol>(
  dependencies: VenueDependencies<P>,
  watch: (symbol: string) => S,
): VenueParts<P, S> {
  const { settings, network, run, log, http, now, wait, stop, random } = dependencies;
  const { binance, polling, trading } = settings;
  // What every ingestor may write and read, each may; the compiler does not see it through `P`.
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
  const openRegistry: VenueSessionOptions<S>['openRegistry'] = async (handlers) => {
    const plain = { now, observe() {} };
    const opened = await untilRedisTakesIt(() =>
      openWatchlist({ bus, run, market, params: trading, clock: plain, log }),
    );
    if (opened === undefined) return undefined;
    return new WatchlistRegistry({
      ...opened,
      klines,
      write: (chosen) => untilRedisTakesIt(() => bus.write(chosen.write)),
      isListed: () => untilRedisTakesIt(async () => (await bus.getRanking(Rankings.watchlist)).length > 0),
      rescanMs: trading.rescan_interval_sec * 1_000,
      now,
      watch,
      ...handlers,
    });
  };
  const state = new VenueState({ now, random });
  const writeStatus: VenueSessionOptions<S>['writeStatus'] = (status) =>
    untilRedisTakesIt(() => bus.write((batch) => batch.setRecord(Records.venueStatus, status)));
  return {
    rest,
    governor,
    clock,
    state,
    openRegistry,
    writeStatus,
    klines,
    publishQueue,
    troubles,
    log,
    now,
    wait,
    stop,
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
        advice: 'The venue’s own candles are odd, for example after a halt. The others are used; nothing to do.',
      };
      troubles.warn('candles off the grid', fields, 'candles whose times are off the interval’s grid are not used');
    },
  });
}
