import { Lists } from '@helios/shared/contracts/catalog.ts';
import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import { isKlineStale, KLINE_INTERVAL_MS, KlineInterval } from '@helios/shared/domain/market-data.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';
import type { Condition } from './alert-codes.ts';

/** Symbols that the message names. */
const MAX_NAMED = 5;

interface Parts {
  readonly bus: Bus<'monitoring-agent'>;
  readonly mode: FleetMode;
}

/** Watches that candles go on while books do. */
export interface KlineWatch {
  /** Reads the newest candles of symbols that have a young book; `nowMs` is market time. */
  look(symbols: readonly string[], nowMs: number): Promise<void>;
  /** What the last look found: one condition for all symbols. */
  check(): Condition[];
}

interface Stale {
  readonly symbol: string;
  readonly intervals: readonly KlineInterval[];
  /** When the candle that is stale for longest closed. */
  readonly closedTs: number;
}

/** In synthetic mode the fleet builds candles by itself, as time passes: there nothing is watched. */
export function createKlineWatch({ bus, mode }: Parts): KlineWatch {
  const service = mode.mode === 'public' ? 'public-price-ingestor' : 'data-ingestor';
  let found: Condition[] = [];

  async function staleOf(symbol: string, nowMs: number): Promise<Stale | undefined> {
    const newest = await Promise.all(
      KlineInterval.options.map((interval) => bus.getList(Lists.klines, 1, { symbol, interval })),
    );
    // A list without any candle is a new listing's: it has not been open for so long.
    const stale = newest.flat().filter(({ interval, open_ts }) => isKlineStale(interval, open_ts, nowMs));
    if (stale.length === 0) return undefined;
    return {
      symbol,
      intervals: stale.map(({ interval }) => interval),
      closedTs: Math.min(...stale.map(({ interval, open_ts }) => open_ts + KLINE_INTERVAL_MS[interval])),
    };
  }

  async function read(symbols: readonly string[], nowMs: number): Promise<void> {
    const stale: Stale[] = [];
    for (const symbol of symbols.toSorted()) {
      const one = await staleOf(symbol, nowMs);
      if (one !== undefined) stale.push(one);
    }
    const message = messageOf(stale, nowMs);
    found = stale.length === 0 ? [] : [{ code: 'KLINES_STALE', service, subject: 'klines', message }];
  }

  return {
    async look(symbols, nowMs) {
      if (mode.mode === 'synthetic' || bus.writeRefusal()) return;
      // What was found last stands until Redis is back.
      await skipWhileAway(() => read(symbols, nowMs));
    },
    check: () => found,
  };
}

function messageOf(stale: readonly Stale[], nowMs: number): string {
  const named = stale.slice(0, MAX_NAMED).map(({ symbol, intervals }) => `${symbol} (${intervals.join(' ')})`);
  const more = stale.length > MAX_NAMED ? ` and ${stale.length - MAX_NAMED} more symbols` : '';
  const minutes = Math.floor((nowMs - Math.min(...stale.map(({ closedTs }) => closedTs))) / 60_000);
  return `No newer candles of ${named.join(', ')}${more}; the oldest closed ${minutes} min ago.`;
}
