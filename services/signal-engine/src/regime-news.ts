import type { StrategyEngine } from '@helios/core/strategy/engine.ts';
import { KeyedThrottle } from '@helios/core/time/throttle.ts';
import type { RegimeState } from '@helios/shared/domain/market-state.ts';

const INTERVAL_MS = 5_000;

/** Decides when to write a symbol's regime again: at most every five seconds of market time. */
export function createRegimeNews(engine: StrategyEngine): {
  due(symbol: string, nowMs: number): RegimeState | undefined;
} {
  const writes = new KeyedThrottle<string>(INTERVAL_MS);
  return {
    due(symbol, nowMs) {
      return writes.take(symbol, nowMs) ? engine.regimeState(symbol, nowMs) : undefined;
    },
  };
}
