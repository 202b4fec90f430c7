import type { WireFault } from '@helios/binance/wire/wire-fault.ts';

/** A coin's price in US dollars, and when CoinGecko made it, epoch ms. */
export interface CoinPrice {
  readonly id: string;
  readonly usd: number;
  readonly ts: number;
}

/** A CoinGecko endpoint: its path, and how to parse the answer. Unknown coins are missing in the answer. */
export interface CoinQuestion {
  readonly request: (ids: readonly string[]) => string;
  /** Never throws; skips a coin without a valid price. */
  readonly parse: (json: unknown) => readonly CoinPrice[] | WireFault;
}

/** A price above zero that can be written as a decimal. */
export function isPrice(value: unknown): value is number {
  return typeof value === 'number' && value > 1e-12 && value < 1e12;
}
