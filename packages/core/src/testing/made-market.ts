import { T0 } from '@helios/shared/testing/builders.ts';
import type { BookTop, DayTicker, Listing, MarketSurvey } from '../selection/market-survey.ts';

/** A test's inputs for one symbol's market; the rest is derived. */
export interface MadeFigures {
  /** 24 h turnover, USDT. */
  readonly quoteVolume: number;
  /** Value at the best price of each side, USDT. */
  readonly topDepth: number;
  readonly spreadBp: number;
  /** ln(high / low) of the day, percent. */
  readonly dayRangePct: number;
}

/** A perpetual that has traded for years. */
export function aListing(baseAsset: string, fields: Partial<Listing> = {}): Listing {
  const symbol = `${baseAsset}USDT`;
  return {
    symbol,
    baseAsset,
    quoteAsset: 'USDT',
    marginAsset: 'USDT',
    contractType: 'PERPETUAL',
    status: 'TRADING',
    underlyingType: 'COIN',
    onboardTs: T0 - 1_000 * 86_400_000,
    deliveryTs: 4_133_404_800_000,
    marginKind: 1,
    instrument: { symbol, tick_size: '0.01', step_size: '0.001', min_notional: '5' },
    ...fields,
  };
}

/** Ticker and top of book with these figures, at a price of 100. */
export function aQuotation(
  symbol: string,
  figures: Partial<MadeFigures> = {},
  closeTs = T0,
): { readonly ticker: DayTicker; readonly top: BookTop } {
  const { quoteVolume = 1e8, topDepth = 10_000, spreadBp = 1, dayRangePct = 5 } = figures;
  const [bid, ask] = [100 * (1 - spreadBp / 20_000), 100 * (1 + spreadBp / 20_000)];
  const low = 97;
  return {
    ticker: { symbol, last: 100, high: low * Math.exp(dayRangePct / 100), low, quoteVolume, closeTs },
    top: { symbol, bid, bidQty: topDepth / bid, ask, askQty: topDepth / ask },
  };
}

/** A whole market from listings and the figures of each. */
export function aSurvey(
  listings: readonly Listing[],
  figuresOf: (symbol: string, place: number) => Partial<MadeFigures> = () => ({}),
  closeTs = T0,
): MarketSurvey {
  const quotations = listings.map(({ symbol }, place) => aQuotation(symbol, figuresOf(symbol, place), closeTs));
  return {
    listings,
    tickers: quotations.map(({ ticker }) => ticker),
    tops: quotations.map(({ top }) => top),
    venueTs: closeTs,
  };
}

/**
 * Figures with the spread of a real market. Turnover falls with the rank by a power law; depth and spread follow it; small coins
 * are wilder. Each symbol gets a fixed pseudo-random offset. With a scan number the figures also vary from scan to scan (standard
 * deviation of the logarithm: turnover 1 %, range 3 %, spread 30 %, quantity at the best price 70 %).
 */
export function marketFigures(symbol: string, place: number, scan?: number): MadeFigures {
  const luck = normals(symbol);
  const now = normals(`${symbol}:${scan}`);
  const jitter = (width: number, wander: number) =>
    Math.exp(width * luck() + (scan === undefined ? 0 : wander * now()));
  const quoteVolume = (12e9 / (place + 1) ** 1.1) * jitter(0.5, 0.01);
  return {
    quoteVolume,
    topDepth: (2_000 + quoteVolume * 3e-5) * jitter(0.6, 0.7),
    spreadBp: 0.02 * (place + 1) ** 0.8 * jitter(0.5, 0.3),
    dayRangePct: 2.5 * (place + 1) ** 0.25 * jitter(0.4, 0.03),
  };
}

/** Standard normal numbers (Box–Muller), seeded by a text. */
function normals(text: string): () => number {
  let state = 2_166_136_261;
  for (let i = 0; i < text.length; i += 1) state = Math.imul(state ^ text.charCodeAt(i), 16_777_619);
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
