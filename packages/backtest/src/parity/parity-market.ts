import { createReplaySource } from '@helios/market-data/replay-source.ts';
import type { MarketSource } from '@helios/market-data/source.ts';
import { framesUntil } from '@helios/synthetic-market/frames-until.ts';
import { createGeneratorSource } from '@helios/synthetic-market/generator-source.ts';

/** A funding time: the generated market has it in its middle. */
const FUNDING_TS = Date.UTC(2023, 10, 14, 8);

/** Opens recordings from their start. @param onFault receives a text about each bad line */
export function recordedMarket(files: readonly string[], onFault: (text: string) => void): () => MarketSource {
  return () => createReplaySource({ files, onFault: (fault) => onFault(JSON.stringify(fault)) });
}

/** Opens a generated market of so many minutes; the same seed gives the same market. */
export function generatedMarket(minutes: number, seed: number): () => MarketSource {
  const startMs = Math.round(FUNDING_TS - minutes * 30_000);
  return () => {
    const source = createGeneratorSource({ seed, symbols: ['BTCUSDT', 'ETHUSDT'], startMs });
    return {
      instruments: () => source.instruments(),
      history: (symbol, interval, limit) => source.history(symbol, interval, limit),
      frames: () => framesUntil(source, startMs + minutes * 60_000),
    };
  };
}
