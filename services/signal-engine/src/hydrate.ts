import type { StrategyEngine } from '@helios/core/strategy/engine.ts';
import { Lists, Maps, Records, Values } from '@helios/shared/contracts/catalog.ts';
import { historyLength } from '@helios/shared/domain/kline-history.ts';
import { KlineInterval } from '@helios/shared/domain/market-data.ts';
import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import type { Clock } from '@helios/shared/runtime/clock.ts';
import type { FutureEvents } from './future-events.ts';

/** Sources and targets of hydration. */
export interface HydrationSources {
  readonly bus: Bus<'signal-engine'>;
  readonly engine: StrategyEngine;
  readonly clock: Clock;
  readonly run: string;
  readonly simulated: boolean;
  readonly params: StrategyParams;
  /** Undefined in a replay: there the frames set the time. */
  readonly futureEvents: FutureEvents | undefined;
}

/**
 * Passes all open positions and orders of this run to the engine. Resolves to false if they are unknown: simulated positions are
 * a projection of the ledger. If the mark of the projection is missing, Redis was wiped, and positions are missing until
 * decision-logger writes them again. Live positions are known once execution-manager has compared them with the venue.
 */
export async function hydrateExposure(sources: HydrationSources): Promise<boolean> {
  const { bus, engine, clock, run, simulated, futureEvents } = sources;
  const [projection, status, entries, positions, orders, trailingStops] = await Promise.all([
    simulated ? bus.getRecord(Records.ledgerProjection) : undefined,
    simulated ? undefined : bus.getRecord(Records.liveStatus),
    bus.getMap(Maps.lastEntries),
    bus.getMap(Maps.openPositions),
    bus.getMap(Maps.openOrders),
    bus.getMap(Maps.trailingStops),
  ]);
  const ours = <T extends { run: string }>(records: Readonly<Record<string, T>>) =>
    Object.values(records).filter((record) => record.run === run);
  const openPositions = ours(positions);
  const openOrders = ours(orders);
  // In a replay the frames set the clock: after a restart it stands still until the next frame.
  for (const { entry_ts } of openPositions) clock.observe(entry_ts);
  for (const { placed_ts } of openOrders) clock.observe(placed_ts);
  for (const { ts_event } of Object.values(trailingStops)) clock.observe(ts_event);

  for (const [symbol, entry] of Object.entries(entries)) {
    // The clock of the machine was set back since: the cooldown restarts from now. In a replay the frames will reach that time.
    const latestMs = futureEvents === undefined ? entry.timestamp : clock.now();
    engine.restoreEntry(symbol, { ...entry, timestamp: Math.min(entry.timestamp, latestMs) });
  }
  if (simulated && projection?.run !== run) return false;
  if (!simulated && (status?.run !== run || status.reconciled_ts === undefined)) return false;
  const symbols = new Set([
    ...engine.exposedSymbols(),
    ...[...openPositions, ...openOrders].map(({ symbol }) => symbol),
  ]);
  for (const symbol of symbols) {
    engine.onPositions({
      run,
      symbol,
      ts_event: clock.now(),
      positions: openPositions.filter((position) => position.symbol === symbol),
      orders: openOrders.filter((order) => order.symbol === symbol),
    });
  }
  const orphans = Object.entries(trailingStops).filter(([field, trail]) => !engine.restoreTrailing(field, trail));
  if (orphans.length > 0) {
    await bus.write((batch) => {
      for (const [field] of orphans) batch.deleteField(Maps.trailingStops, field);
    });
  }
  return true;
}

/**
 * Warms the indicators of these symbols with the stored closed klines, oldest first: the session VWAP with all minutes since
 * midnight UTC, the regime with its usual volatility.
 */
export async function warmSymbols(
  { bus, engine, params }: HydrationSources,
  symbols: readonly string[],
): Promise<void> {
  const wanted = new Set<string>(['1m', ...params.trend.timeframes, params.regime.interval]);
  const intervals = KlineInterval.options.filter((interval) => wanted.has(interval));
  for (const symbol of symbols) {
    const lists = intervals.map((interval) => bus.getList(Lists.klines, historyLength(interval), { symbol, interval }));
    for (const newestFirst of await Promise.all(lists)) {
      for (const kline of newestFirst.toReversed()) engine.warm(kline);
    }
  }
}

/**
 * Passes the last stored prices of these symbols to the engine, with their age; they may come from an earlier start. A replay
 * reads none: its result must not depend on the time of the start.
 */
export async function restorePrices(
  { bus, engine, clock, futureEvents }: HydrationSources,
  symbols: readonly string[],
): Promise<void> {
  if (futureEvents === undefined) return;
  for (const symbol of symbols) {
    const [book, trade, fallback, klines] = await Promise.all([
      bus.get(Values.orderbook, { symbol }),
      bus.get(Values.trade, { symbol }),
      bus.get(Values.fallbackPrice, { symbol }),
      // The other three expire after a day.
      bus.getList(Lists.klines, 1, { symbol, interval: '1m' }),
    ]);
    const kept = [book, trade, fallback, ...klines].filter((sample) => sample !== undefined);
    const samples = kept.filter((sample) => !futureEvents.isFromFuture(sample));
    engine.restore(symbol, samples, clock.now());
  }
}

/** Passes the ticks of these symbols to the engine, as far as Redis has them. */
export async function readInstruments({ bus, engine }: HydrationSources, symbols: readonly string[]): Promise<void> {
  const instruments = symbols.length === 0 ? {} : await bus.getMap(Maps.instruments);
  for (const symbol of symbols) {
    const instrument = instruments[symbol];
    if (instrument) engine.onInstrument(instrument);
  }
}

/** Reads the sentiment of these symbols and of the market. */
export async function readSentiment({ bus, engine }: HydrationSources, symbols: readonly string[]): Promise<void> {
  for (const symbol of [...symbols, 'global']) {
    engine.onSentiment(symbol, await bus.getRecord(Records.sentiment, { symbol }));
  }
}
