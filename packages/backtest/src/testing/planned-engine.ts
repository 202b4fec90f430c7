import { createStrategyEngine } from '@helios/core/strategy/engine.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';

/**
 * A strategy that decides nothing itself: it sends each of these signals at the first event of the signal's time, or at the first
 * one of this type.
 */
export function plannedEngine(
  signals: readonly TradingSignal[],
  onType?: MarketEvent['type'],
): typeof createStrategyEngine {
  const waiting = [...signals];
  const onMarket = ({ ts_event, type }: MarketEvent) => {
    if (onType !== undefined && type !== onType) return [];
    const due = waiting.filter(({ timestamp }) => timestamp === ts_event);
    for (const signal of due) waiting.splice(waiting.indexOf(signal), 1);
    return due.map((signal) => ({ kind: 'SIGNAL' as const, signal }));
  };
  return (...args) =>
    new Proxy(createStrategyEngine(...args), {
      get(engine, name) {
        const own: unknown = name === 'onMarket' ? onMarket : Reflect.get(engine, name);
        return typeof own === 'function' ? own.bind(engine) : own;
      },
    });
}

/** Sends these signals at their books; the exits of the strategy follow them. */
export function withExits(signals: readonly TradingSignal[]): typeof createStrategyEngine {
  const planned = plannedEngine(signals, 'book');
  return (...args) => {
    const [engine, entries] = [createStrategyEngine(...args), planned(...args)];
    const onMarket = engine.onMarket.bind(engine);
    engine.onMarket = (event, nowMs) => {
      const sent = entries.onMarket(event, nowMs).map((output) => {
        return output.kind === 'SIGNAL' ? { ...output, signal: { ...output.signal, run: args[1].run } } : output;
      });
      return [...onMarket(event, nowMs), ...sent];
    };
    return engine;
  };
}
