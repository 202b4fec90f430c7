import type { StrategyEngine } from '@helios/shared/core/strategy/engine.ts';
import type { RegimeState } from '@helios/shared/domain/market-state.ts';

const INTERVAL_MS = 5_000;

/** Says when a symbol's regime is to be written again: at most every five seconds of market time. */
export function createRegimeNews(engine: StrategyEngine): {
  due(symbol: string, nowMs: number): RegimeState | undefined;
} {
  const writtenMs = new Map<string, number>();
  return {
    due(symbol, nowMs) {
      const last = writtenMs.get(symbol);
      if (last !== undefined && nowMs - last < INTERVAL_MS) return undefined;
      writtenMs.set(symbol, nowMs);
      return engine.regimeState(symbol, nowMs);
    },
  };
}
