/** A coin as given: only id and price are mandatory. */
export type CoinInput = Partial<FakeCoin> & { readonly id: string; readonly usd: number };

/** The site's data of a coin. */
export interface FakeCoin {
  readonly id: string;
  readonly symbol: string;
  readonly name: string;
  readonly usd: number;
  readonly marketCapUsd: number;
  readonly volumeUsd: number;
  readonly change24hPct: number;
  /** Time of the last price update, epoch ms. */
  readonly updatedMs: number;
}

/** Completes a coin with average values. */
export function completeCoin(input: CoinInput, nowMs: number): FakeCoin {
  const name = input.id.charAt(0).toUpperCase() + input.id.slice(1);
  const usual = { symbol: input.id.slice(0, 4), name, marketCapUsd: input.usd * 1e7, volumeUsd: input.usd * 1e5 };
  return { ...usual, change24hPct: 1.5, updatedMs: nowMs, ...input };
}

/** A coin's row in `coins/markets`, with the site's fields and their order. @param unit US dollars per unit of currency */
export function marketRow(
  coin: FakeCoin,
  rank: number,
  unit: number,
): { readonly id: string } & Record<string, unknown> {
  const price = coin.usd / unit;
  const cap = coin.marketCapUsd / unit;
  const before = price / (1 + coin.change24hPct / 100);
  const supply = coin.marketCapUsd / coin.usd;
  return {
    id: coin.id,
    symbol: coin.symbol,
    name: coin.name,
    image: `https://coin-images.coingecko.com/coins/images/1/large/${coin.id}.png`,
    current_price: price,
    market_cap: cap,
    market_cap_rank: rank,
    fully_diluted_valuation: cap,
    total_volume: coin.volumeUsd / unit,
    high_24h: Math.max(price, before) * 1.01,
    low_24h: Math.min(price, before) * 0.99,
    price_change_24h: price - before,
    price_change_percentage_24h: coin.change24hPct,
    market_cap_change_24h: cap - cap / (1 + coin.change24hPct / 100),
    market_cap_change_percentage_24h: coin.change24hPct,
    circulating_supply: supply,
    total_supply: supply,
    max_supply: null,
    ath: price * 2,
    ath_change_percentage: -50,
    ath_date: '2024-03-14T07:10:36.635Z',
    atl: price / 100,
    atl_change_percentage: 9900,
    atl_date: '2013-07-06T00:00:00.000Z',
    roi: null,
    last_updated: new Date(coin.updatedMs).toISOString(),
  };
}
