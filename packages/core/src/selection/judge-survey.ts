import { MAX_EVENT_AHEAD_MS, TICKER_STANDSTILL_MS } from '@helios/shared/domain/freshness.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { ineligibility, type Rejection } from './eligibility.ts';
import type { BookTop, DayTicker, MarketSurvey } from './market-survey.ts';
import { type Candidate, spreadBp } from './score.ts';

/** A survey split into candidates and the rest. */
export interface JudgedSurvey {
  readonly candidates: readonly Candidate[];
  /** Why the other symbols cannot be candidates, by symbol. */
  readonly rejections: ReadonlyMap<string, Rejection>;
  /** Why some candidates cannot be challengers, by symbol: they may stay on the list but not join it. */
  readonly tooThin: ReadonlyMap<string, Rejection>;
}

type Floors = Pick<Settings['trading'], 'min_quote_volume' | 'max_spread_bp'>;
type Trading = Pick<Candidate, 'ticker' | 'top'>;

/** A member stays with this share of the floors; a challenger needs the whole floors. */
const STAYING_SHARE = 0.5;

/**
 * Checks for every listed symbol whether it can be watched: first its listing, then its trading. Membership plays no part, so
 * scores do not depend on it. `atrPct`: measured volatilities, as far as known.
 */
export function judgeSurvey(
  { listings, tickers, tops, venueTs }: MarketSurvey,
  atrPct: ReadonlyMap<string, number>,
  params: Settings['trading'],
  nowMs: number,
): JudgedSurvey {
  const tickerOf = new Map(tickers.map((ticker) => [ticker.symbol, ticker]));
  const topOf = new Map(tops.map((top) => [top.symbol, top]));
  const toStay = {
    min_quote_volume: params.min_quote_volume * STAYING_SHARE,
    max_spread_bp: params.max_spread_bp / STAYING_SHARE,
  };
  const candidates: Candidate[] = [];
  const rejections = new Map<string, Rejection>();
  const tooThin = new Map<string, Rejection>();
  for (const listing of listings) {
    const { symbol } = listing;
    const trading = tradingOf(tickerOf.get(symbol), topOf.get(symbol), venueTs);
    const rejection =
      ineligibility(listing, params, nowMs) ?? standstill(trading, venueTs) ?? thinness(trading, toStay);
    if (rejection !== undefined) rejections.set(symbol, rejection);
    if (rejection !== undefined || 'code' in trading) continue;
    candidates.push({ symbol, ...trading, atrPct: atrPct.get(symbol) });
    const thin = thinness(trading, params);
    if (thin !== undefined) tooThin.set(symbol, thin);
  }
  return { candidates, rejections, tooThin };
}

function tradingOf(ticker: DayTicker | undefined, top: BookTop | undefined, venueTs: number): Trading | Rejection {
  if (ticker === undefined || !(ticker.low > 0 && ticker.high >= ticker.low)) {
    return { code: 'NO_TICKER', detail: 'no usable 24 h ticker in this scan' };
  }
  const aheadMs = ticker.closeTs - venueTs;
  if (aheadMs > MAX_EVENT_AHEAD_MS) {
    const detail = `its 24 h ticker is stamped ${Math.round(aheadMs / 60_000)} min ahead of the venue's time`;
    return { code: 'NO_TICKER', detail };
  }
  if (top === undefined || !(top.bid > 0 && top.ask >= top.bid)) {
    return { code: 'NO_TOP', detail: 'no usable best bid and ask in this scan' };
  }
  return { ticker, top };
}

function standstill(trading: Trading | Rejection, venueTs: number): Rejection | undefined {
  if ('code' in trading) return trading;
  const minutes = Math.floor((venueTs - trading.ticker.closeTs) / 60_000);
  return minutes * 60_000 < TICKER_STANDSTILL_MS
    ? undefined
    : { code: 'NO_TRADES', detail: `its ticker has stood still for ${minutes} min` };
}

function thinness(trading: Trading | Rejection, floors: Floors): Rejection | undefined {
  if ('code' in trading) return trading;
  const { min_quote_volume: minVolume, max_spread_bp: maxSpread } = floors;
  const volume = trading.ticker.quoteVolume;
  if (volume < minVolume) {
    return { code: 'LOW_VOLUME', detail: `24 h volume of ${Math.round(volume)} USDT, ${minVolume} required` };
  }
  const spread = spreadBp(trading.top);
  if (spread <= maxSpread) return undefined;
  return { code: 'WIDE_SPREAD', detail: `spread of ${spread.toFixed(1)} bp, ${maxSpread} allowed` };
}
