import { Lists } from '@helios/shared/contracts/catalog.ts';
import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import { isKlineStale, KLINE_INTERVAL_MS, KlineInterval } from '@helios/shared/domain/market-data.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';
import type { Condition } from './alert-codes.ts';

/** Maximum number of symbols in the message. */
const MAX_NAMED = 5;

interface Parts {
  readonly bus: Bus<'monitoring-agent'>;
  readonly mode: FleetMode;
}

/** Detects symbols that receive books but no new klines. */
export interface KlineWatch {
  /** Reads the newest klines of symbols that have a fresh book; `nowMs` is market time. */
  look(symbols: readonly string[], nowMs: number): Promise<void>;
  /** The result of the last `look`: one condition for all symbols. */
  check(): Condition[];
}

interface Stale {
  readonly symbol: string;
  readonly intervals: readonly KlineInterval[];
  /** When the oldest of the stale klines closed. */
  readonly closedTs: number;
}

/** Does nothing in synthetic mode, where the fleet builds the klines itself as time passes. */
export function createKlineWatch({ bus, mode }: Parts): KlineWatch {
  const service = mode.mode === 'public' ? 'public-price-ingestor' : 'data-ingestor';
  let found: Condition[] = [];

  async function staleOf(symbol: string, nowMs: number): Promise<Stale | undefined> {
    const newest = await Promise.all(
      KlineInterval.options.map((interval) => bus.getList(Lists.klines, 1, { symbol, interval })),
    );
    // An empty list belongs to a new listing that has no closed kline yet.
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
      // While Redis is away, the last result stays.
      await skipWhileAway(() => read(symbols, nowMs));
    },
    check: () => found,
  };
}

function messageOf(stale: readonly Stale[], nowMs: number): string {
  const named = stale.slice(0, MAX_NAMED).map(({ symbol, intervals }) => `${symbol} (${intervals.join(' ')})`);
  const more = stale.length > MAX_NAMED ? ` and ${stale.length - MAX_NAMED} more symbols` : '';
  const minutes = Math.floor((nowMs - Math.min(...stale.map(({ closedTs }) => closedTs))) / 60_000);
  return `No newer klines of ${named.join(', ')}${more}; the oldest closed ${minutes} min ago.`;
}
