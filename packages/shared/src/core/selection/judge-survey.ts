import type { Settings } from '../../domain/settings.ts';
import { ineligibility, type Rejection } from './eligibility.ts';
import type { BookTop, DayTicker, MarketSurvey } from './market-survey.ts';
import { type Candidate, spreadBp } from './score.ts';

/** A survey sorted into what may be scored and what may not. */
export interface JudgedSurvey {
  readonly candidates: readonly Candidate[];
  /** By symbol. */
  readonly rejections: ReadonlyMap<string, Rejection>;
}

/** A ticker this far behind the newest one stands still: nothing trades there, whatever the status says. */
const STANDSTILL_MS = 15 * 60_000;
/** A member may have this share of the floors before it leaves; a challenger needs all of them. */
const MEMBER_FLOOR = 0.5;

/**
 * Asks every listed symbol whether it may be watched: first what it is, then what trades there. `members` are on the
 * list now; `atrPct` are measured volatilities, where there are any.
 */
export function judgeSurvey(
  survey: MarketSurvey,
  members: ReadonlySet<string>,
  atrPct: ReadonlyMap<string, number>,
  params: Settings['trading'],
  nowMs: number,
): JudgedSurvey {
  const tickers = new Map(survey.tickers.map((ticker) => [ticker.symbol, ticker]));
  const tops = new Map(survey.tops.map((top) => [top.symbol, top]));
  const newestTs = survey.tickers.reduce((newest, { closeTs }) => Math.max(newest, closeTs), 0);
  const candidates: Candidate[] = [];
  const rejections = new Map<string, Rejection>();
  for (const listing of survey.listings) {
    const { symbol } = listing;
    const floor = members.has(symbol) ? MEMBER_FLOOR : 1;
    const ticker = tickers.get(symbol);
    const top = tops.get(symbol);
    const rejection =
      ineligibility(listing, params, nowMs) ?? unscorable(ticker, top) ?? tooThin(ticker, top, newestTs, floor, params);
    if (rejection !== undefined) rejections.set(symbol, rejection);
    else if (ticker && top) candidates.push({ symbol, ticker, top, atrPct: atrPct.get(symbol) });
  }
  return { candidates, rejections };
}

function unscorable(ticker: DayTicker | undefined, top: BookTop | undefined): Rejection | undefined {
  if (ticker === undefined || !(ticker.low > 0 && ticker.high >= ticker.low)) {
    return { code: 'NO_TICKER', detail: 'no usable 24 h ticker in this scan' };
  }
  if (top === undefined || !(top.bid > 0 && top.ask >= top.bid)) {
    return { code: 'NO_TOP', detail: 'no usable best bid and ask in this scan' };
  }
  return undefined;
}

function tooThin(
  ticker: DayTicker | undefined,
  top: BookTop | undefined,
  newestTs: number,
  floor: number,
  { min_quote_volume: minVolume, max_spread_bp: maxSpread }: Settings['trading'],
): Rejection | undefined {
  if (ticker === undefined || top === undefined) return undefined;
  const behindMs = newestTs - ticker.closeTs;
  if (behindMs > STANDSTILL_MS) {
    return { code: 'NO_TRADES', detail: `its ticker stands still since ${Math.round(behindMs / 60_000)} min` };
  }
  if (ticker.quoteVolume < minVolume * floor) {
    const detail = `24 h volume of ${Math.round(ticker.quoteVolume)} USDT, ${minVolume * floor} wanted`;
    return { code: 'LOW_VOLUME', detail };
  }
  const spread = spreadBp(top);
  if (spread <= maxSpread / floor) return undefined;
  return { code: 'WIDE_SPREAD', detail: `spread of ${spread.toFixed(1)} bp, ${maxSpread / floor} allowed` };
}
