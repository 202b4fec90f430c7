import type { Instrument } from '@helios/shared/domain/instrument.ts';
import { hashText } from './rng.ts';

/** Properties of one symbol's made-up market. */
export interface MarketProfile {
  readonly symbol: string;
  readonly startPrice: number;
  /** Tick size in the venue's format; every price has as many decimals. */
  readonly tickSize: string;
  /** Step size in the venue's format; every quantity has as many decimals. */
  readonly stepSize: string;
  readonly minNotional: string;
  /** Mean value of the best ten levels of both sides together, US dollars. */
  readonly topDepthUsd: number;
  /** Standard deviation of one-minute returns in a normal hour, basis points. */
  readonly minuteSigmaBp: number;
  /** Share of that variance that comes from the market as a whole, 0..1. */
  readonly marketShare: number;
  readonly tradesPerSecond: number;
  readonly meanTradeUsd: number;
}

type Row = readonly [
  startPrice: number,
  tickSize: string,
  stepSize: string,
  minNotional: string,
  topDepthUsd: number,
  minuteSigmaBp: number,
  marketShare: number,
  tradesPerSecond: number,
  meanTradeUsd: number,
];

const TABLE: Readonly<Record<string, Row>> = {
  BTCUSDT: [64_000, '0.10', '0.001', '100', 1_600_000, 4.8, 0.8, 20, 4_400],
  ETHUSDT: [3_400, '0.01', '0.001', '20', 1_000_000, 5.6, 0.72, 16, 3_000],
  SOLUSDT: [150, '0.010', '0.01', '5', 700_000, 7, 0.6, 6, 1_700],
  BNBUSDT: [580, '0.010', '0.01', '5', 300_000, 4.8, 0.55, 4, 1_200],
  XRPUSDT: [0.58, '0.0001', '0.1', '5', 600_000, 6, 0.5, 4, 1_400],
  DOGEUSDT: [0.12, '0.00001', '1', '5', 450_000, 7.2, 0.55, 4, 1_000],
  ADAUSDT: [0.42, '0.0001', '1', '5', 400_000, 6.6, 0.55, 2, 900],
  AVAXUSDT: [28, '0.001', '0.1', '5', 180_000, 7.4, 0.55, 2, 800],
  LINKUSDT: [14, '0.001', '0.01', '5', 180_000, 7, 0.55, 2, 800],
  DOTUSDT: [6.2, '0.001', '0.1', '5', 200_000, 6.6, 0.55, 1.6, 700],
  LTCUSDT: [72, '0.01', '0.001', '20', 220_000, 5.8, 0.5, 1.8, 800],
  TRXUSDT: [0.13, '0.00001', '1', '5', 220_000, 4, 0.35, 1.4, 700],
  BCHUSDT: [380, '0.01', '0.001', '20', 140_000, 7, 0.5, 1.6, 800],
  UNIUSDT: [7.6, '0.001', '0.1', '5', 120_000, 7.6, 0.5, 1.4, 600],
  NEARUSDT: [5.4, '0.001', '1', '5', 150_000, 8, 0.55, 1.6, 600],
  APTUSDT: [7.2, '0.001', '0.1', '5', 110_000, 7.8, 0.5, 1.4, 600],
  SUIUSDT: [1.1, '0.0001', '0.1', '5', 160_000, 8, 0.5, 2, 700],
  ARBUSDT: [0.78, '0.0001', '0.1', '5', 120_000, 7.6, 0.55, 1.4, 600],
  OPUSDT: [1.8, '0.0001', '0.1', '5', 110_000, 7.8, 0.55, 1.4, 600],
  ATOMUSDT: [6.4, '0.001', '0.01', '5', 100_000, 6.4, 0.55, 1.2, 500],
  FILUSDT: [4.4, '0.001', '0.1', '5', 100_000, 7.2, 0.5, 1.2, 500],
  ETCUSDT: [22, '0.001', '0.01', '5', 110_000, 6.6, 0.5, 1.2, 500],
  INJUSDT: [24, '0.001', '0.1', '5', 80_000, 8, 0.5, 1.2, 500],
  XLMUSDT: [0.1, '0.00001', '1', '5', 110_000, 6, 0.45, 1.2, 500],
};

function fromRow(symbol: string, row: Row): MarketProfile {
  return {
    symbol,
    startPrice: row[0],
    tickSize: row[1],
    stepSize: row[2],
    minNotional: row[3],
    topDepthUsd: row[4],
    minuteSigmaBp: row[5],
    marketShare: row[6],
    tradesPerSecond: row[7],
    meanTradeUsd: row[8],
  };
}

function powerOfTen(exponent: number): string {
  return exponent >= 0 ? `1${'0'.repeat(exponent)}` : `0.${'0'.repeat(-exponent - 1)}1`;
}

/** A small coin's market for a symbol outside the table; it depends only on the name. */
function unknownRow(symbol: string): Row {
  const hash = hashText(symbol);
  const startPrice = Number((10 ** (-1 + ((hash % 1000) / 1000) * 3)).toPrecision(4));
  const tickSize = powerOfTen(Math.min(0, Math.floor(Math.log10(startPrice * 2e-4))));
  const stepSize = powerOfTen(Math.min(0, Math.floor(Math.log10(2 / startPrice))));
  return [startPrice, tickSize, stepSize, '5', 60_000 + (hash % 90) * 1_000, 6.5 + (hash % 20) / 10, 0.5, 1.2, 450];
}

/** The symbols in the table; any other symbol gets a small coin's market. */
export const KNOWN_SYMBOLS: readonly string[] = Object.keys(TABLE);

/**
 * The market of one symbol. A given `startPrice` replaces the table's. Tick and step do not change, so the book raises a price
 * below 100 ticks to 100 ticks.
 */
export function marketProfile(symbol: string, startPrice?: number): MarketProfile {
  const profile = fromRow(symbol, TABLE[symbol] ?? unknownRow(symbol));
  if (startPrice === undefined || !(startPrice > 0) || !Number.isFinite(startPrice)) return profile;
  return { ...profile, startPrice };
}

/** The instrument of the profile's symbol. */
export function toInstrument(profile: MarketProfile): Instrument {
  return {
    symbol: profile.symbol,
    tick_size: profile.tickSize,
    step_size: profile.stepSize,
    min_qty: profile.stepSize,
    min_notional: profile.minNotional,
  };
}
