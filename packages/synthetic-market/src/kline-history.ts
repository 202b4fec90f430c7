import { DecimalSteps } from '@helios/core/price/decimal-steps.ts';
import { historyLength } from '@helios/shared/domain/kline-history.ts';
import type { Kline, KlineInterval } from '@helios/shared/domain/market-data.ts';
import { KLINE_INTERVAL_MS } from '@helios/shared/domain/market-data.ts';
import type { MarketProfile } from './market-profile.ts';
import { MoveResponse } from './move-response.ts';
import { Rng } from './rng.ts';
import { SYMBOL_AMPLITUDE, SyntheticRegime } from './synthetic-regime.ts';
import { TradingActivity } from './trading-activity.ts';

/** Permanent part of a minute's standard deviation; the rest is the push of order flow, which the price reverts. */
const LASTING = 0.93;

const LADDER = ['1m', '5m', '15m', '1h', '4h'] as const satisfies readonly KlineInterval[];

/** One kline of the path, in the finest resolution for its time. */
interface PathKline {
  readonly openMs: number;
  readonly closeMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly quoteVolume: number;
}

/** Movement of the market as a whole during one path kline. */
interface PathStep {
  readonly openMs: number;
  readonly minutes: number;
  readonly news: number;
  readonly volatility: number;
}

/** Movement of the market as a whole before the first frame, and its regime at the end. */
export interface MarketPast {
  readonly steps: readonly PathStep[];
  readonly regime: SyntheticRegime;
}

/** Slow state of a symbol at the end of its past. */
export interface SlowState {
  readonly regime: SyntheticRegime;
  readonly activity: TradingActivity;
  readonly response: MoveResponse;
}

/** Movement of one symbol before the first frame, and its state at the end. */
export interface SymbolPast extends SlowState {
  readonly klines: readonly PathKline[];
}

/** The market's past: one-minute steps for the newest part, then the step of each longer interval. */
export function marketPast(label: string, startMs: number): MarketPast {
  const bounds = pathBounds(startMs);
  const rng = new Rng(`${label}:past`);
  const regime = new SyntheticRegime(rng, 1);
  const steps: PathStep[] = [];
  for (const bound of bounds) {
    for (let openMs = bound.fromMs; openMs < bound.toMs; openMs += bound.stepMs) {
      const minutes = bound.stepMs / 60_000;
      regime.pass(minutes);
      steps.push({ openMs, minutes, news: rng.normal(), volatility: regime.volatility() });
    }
  }
  return { steps, regime };
}

function pathBounds(startMs: number): { fromMs: number; toMs: number; stepMs: number }[] {
  const bounds: { fromMs: number; toMs: number; stepMs: number }[] = [];
  let toMs = Math.floor(startMs / 60_000) * 60_000;
  LADDER.forEach((interval, index) => {
    const stepMs = KLINE_INTERVAL_MS[interval];
    // Each part begins with a kline of the next longer interval, so that no kline mixes two step lengths.
    const gridMs = KLINE_INTERVAL_MS[LADDER[index + 1] ?? interval];
    const oldestMs = Math.floor(startMs / stepMs) * stepMs - historyLength(interval) * stepMs;
    const fromMs = Math.max(0, Math.min(toMs, Math.floor(oldestMs / gridMs) * gridMs));
    bounds.unshift({ fromMs, toMs, stepMs });
    toMs = fromMs;
  });
  return bounds;
}

/** The past of one symbol; its last price is the profile's start price. */
export function symbolPast(profile: MarketProfile, label: string, market: MarketPast): SymbolPast {
  const rng = new Rng(`${label}:past:${profile.symbol}`);
  const regime = new SyntheticRegime(rng, SYMBOL_AMPLITUDE);
  const activity = new TradingActivity(rng);
  const response = new MoveResponse();
  const share = profile.marketShare;
  const minuteSigma = LASTING * profile.minuteSigmaBp * 1e-4;
  const volumePerMinute = profile.tradesPerSecond * profile.meanTradeUsd * 60;
  let log = 0;
  const klines = market.steps.map((step) => {
    regime.pass(step.minutes);
    const volatility = step.volatility * regime.volatility() * response.factor();
    const sigma = minuteSigma * volatility * Math.sqrt(step.minutes);
    const news = Math.sqrt(share) * step.news + Math.sqrt(1 - share) * rng.normal();
    response.pass(step.minutes, news);
    const open = log;
    log += sigma * news;
    const close = log;
    // Extremes of a Brownian bridge between open and close: (sum ± √(difference² − 2 variance ln U)) / 2.
    const high = (open + close + Math.sqrt((close - open) ** 2 + 2 * sigma * sigma * rng.exponential())) / 2;
    const low = (open + close - Math.sqrt((close - open) ** 2 + 2 * sigma * sigma * rng.exponential())) / 2;
    const quoteVolume = volumePerMinute * step.minutes * activity.passMinutes(step.minutes, volatility);
    const closeMs = step.openMs + step.minutes * 60_000 - 1;
    return { openMs: step.openMs, closeMs, open, high, low, close, quoteVolume };
  });
  const shift = Math.log(profile.startPrice) - log;
  const price = (value: number): number => Math.exp(value + shift);
  const priced = klines.map((kline) => ({
    ...kline,
    open: price(kline.open),
    high: price(kline.high),
    low: price(kline.low),
    close: price(kline.close),
  }));
  return { klines: priced, regime, activity, response };
}

/** Closed klines of one interval before `startMs`, oldest first, at most `historyLength` of them. */
export function klineHistory(
  profile: MarketProfile,
  past: SymbolPast,
  startMs: number,
  interval: KlineInterval,
  limit: number,
): readonly Kline[] {
  const lengthMs = KLINE_INTERVAL_MS[interval];
  const endMs = Math.floor(startMs / lengthMs) * lengthMs;
  const count = Math.max(0, Math.min(historyLength(interval), Math.floor(limit)));
  const fromMs = endMs - count * lengthMs;
  const path = past.klines.filter((kline) => kline.openMs >= fromMs && kline.openMs < endMs);
  const groups = Map.groupBy(path, (kline) => Math.floor(kline.openMs / lengthMs) * lengthMs);
  const price = new DecimalSteps(profile.tickSize);
  const quantity = new DecimalSteps(profile.stepSize);
  return [...groups].map(([openMs, part]) => toKline(profile, interval, openMs, part, price, quantity));
}

function toKline(
  profile: MarketProfile,
  interval: KlineInterval,
  openMs: number,
  part: readonly PathKline[],
  price: DecimalSteps,
  quantity: DecimalSteps,
): Kline {
  const high = Math.max(...part.map((kline) => kline.high));
  const low = Math.min(...part.map((kline) => kline.low));
  const quoteVolume = part.reduce((sum, kline) => sum + kline.quoteVolume, 0);
  const baseVolume = part.reduce((sum, kline) => sum + kline.quoteVolume / kline.close, 0);
  const closeMs = openMs + KLINE_INTERVAL_MS[interval] - 1;
  const text = (value: number): string => price.text(Math.max(1, price.count(value)));
  return {
    type: 'kline',
    symbol: profile.symbol,
    ts_event: closeMs,
    ts_init: closeMs,
    interval,
    open_ts: openMs,
    close_ts: closeMs,
    open: text(part[0]?.open ?? 0),
    high: text(high),
    low: text(low),
    close: text(part[part.length - 1]?.close ?? 0),
    volume: quantity.text(quantity.count(baseVolume)),
    quote_volume: quoteVolume.toFixed(4),
    trades: Math.max(1, Math.round(quoteVolume / profile.meanTradeUsd)),
  };
}
