import type { BacktestOptions } from '@helios/backtest/backtest-options.ts';
import { playSource } from '@helios/backtest/data/play-source.ts';
import type { PlayableData } from '@helios/backtest/data/playable-data.ts';
import { playBacktest } from '@helios/backtest/run-backtest.ts';
import type { ModelWatchState } from '@helios/core/model/model-in-use.ts';
import type { TradingModel } from '@helios/core/model/trading-model.ts';
import { createStrategyEngine, type StrategyEngine } from '@helios/core/strategy/engine.ts';
import { framesUntil } from '@helios/synthetic-market/frames-until.ts';
import { createGeneratorSource } from '@helios/synthetic-market/generator-source.ts';

/** A generated market with books to play. */
interface PlayedMarket {
  readonly symbols: readonly string[];
  readonly seed: number;
  /** Epoch ms. */
  readonly startMs: number;
  readonly minutes: number;
}

/** Plays a generated market with books, warmed by its own history, under a model; returns what the model said. */
export async function playGenerated(
  model: TradingModel,
  options: BacktestOptions,
  { symbols, seed, startMs, minutes }: PlayedMarket,
): Promise<ModelWatchState | undefined> {
  const source = createGeneratorSource({ seed, symbols, startMs, updatesPerSecond: 1 });
  const frames = () => framesUntil(source, startMs + minutes * 60_000);
  const bounded = { instruments: () => source.instruments(), history: source.history, frames };
  const data: PlayableData = {
    ...{ run: 'generated', instruments: await source.instruments() },
    async play(target, window) {
      for (const symbol of symbols)
        for (const interval of ['1m', '5m', '15m', '1h', '4h'] as const)
          for (const kline of await source.history(symbol, interval, 1_500)) target.warm?.(kline);
      const { badFrames } = await playSource(bounded, target, window);
      return { badFrames, faults: [], assumptions: [] };
    },
  };
  let engine: StrategyEngine | undefined;
  await playBacktest(
    data,
    { ...options, kind: 'RECORDINGS' },
    {
      loadModel: async () => model,
      createEngine: (...args) => {
        engine = createStrategyEngine(...args);
        return engine;
      },
    },
  );
  return engine?.modelState();
}
