import type { MarketSource, VenueFrame } from '@helios/market-data/source.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Kline, KlineInterval } from '@helios/shared/domain/market-data.ts';
import { klineHistory, type MarketPast, marketPast, symbolPast } from './kline-history.ts';
import { type MarketProfile, marketProfile, toInstrument } from './market-profile.ts';
import type { PlantedEdge } from './planted-edge.ts';
import { SyntheticSymbol } from './synthetic-symbol.ts';
import { WholeMarket } from './whole-market.ts';

/** Options of a made-up market. The same options give the same frames, byte for byte. */
export interface GeneratorOptions {
  readonly seed: number;
  readonly symbols: readonly string[];
  /** Time of the first frame, epoch ms. */
  readonly startMs: number;
  /** Start prices instead of the table's; used after a restart. */
  readonly startPrices?: Readonly<Record<string, number>>;
  /** Depth updates per second and symbol, 1..50; default 10. */
  readonly updatesPerSecond?: number;
  /** A true edge in the market; default: none. */
  readonly edge?: PlantedEdge;
}

const NO_EDGE: PlantedEdge = { bp: 0 };

function* generateFrames(
  options: GeneratorOptions,
  profiles: readonly MarketProfile[],
  label: string,
  past: MarketPast,
  updatesPerSecond: number,
  stop: AbortSignal,
): Generator<VenueFrame> {
  const seconds = 1 / updatesPerSecond;
  const whole = new WholeMarket(label, past.regime, seconds);
  const markets = profiles.map(
    (profile) =>
      new SyntheticSymbol(profile, label, symbolPast(profile, label, past), seconds, options.edge ?? NO_EDGE),
  );
  // Within a step the symbols send one after another, as on a real wire, not all in the same millisecond.
  const offsetMs = (index: number): number => Math.floor((index * seconds * 1_000) / markets.length);
  for (const [index, market] of markets.entries()) {
    yield market.snapshot(options.startMs + offsetMs(index));
  }
  const frames: VenueFrame[] = [];
  for (let step = 1; !stop.aborted; step += 1) {
    const stepMs = options.startMs + Math.floor((step * 1_000) / updatesPerSecond);
    const marketStep = whole.step();
    for (const [index, market] of markets.entries()) {
      frames.length = 0;
      market.step(stepMs + offsetMs(index), marketStep, frames);
      for (const frame of frames) {
        if (stop.aborted) return;
        yield frame;
      }
    }
  }
}

/**
 * A seeded, endless market of any symbols, in the venue's message format. Each call of `frames` begins at `startMs` again.
 * @throws RangeError if `updatesPerSecond` is outside 1..50, or if there is no symbol
 */
export function createGeneratorSource(options: GeneratorOptions): MarketSource {
  const updatesPerSecond = options.updatesPerSecond ?? 10;
  if (!(updatesPerSecond >= 1 && updatesPerSecond <= 50)) {
    throw new RangeError(`The generator makes 1 to 50 updates per second and symbol, not ${updatesPerSecond}.`);
  }
  if (options.symbols.length === 0) throw new RangeError('The generator needs at least one symbol.');
  const label = `${options.seed}:${options.startMs}`;
  const profiles = [...new Set(options.symbols)].map((symbol) => marketProfile(symbol, options.startPrices?.[symbol]));
  const past = marketPast(label, options.startMs);

  return {
    async instruments(): Promise<readonly Instrument[]> {
      return profiles.map(toInstrument);
    },
    async history(symbol: string, interval: KlineInterval, limit: number): Promise<readonly Kline[]> {
      const profile = profiles.find((known) => known.symbol === symbol);
      if (profile === undefined) return [];
      return klineHistory(profile, symbolPast(profile, label, past), options.startMs, interval, limit);
    },
    async *frames(stop: AbortSignal): AsyncIterable<VenueFrame> {
      yield* generateFrames(options, profiles, label, past, updatesPerSecond, stop);
    },
  };
}
