import type { Book, FallbackPrice, Kline, MarketTrade, MarkPrice } from '@helios/shared/domain/market-data.ts';
import type { SentimentState } from '@helios/shared/domain/market-state.ts';
import type { LastEntry } from '@helios/shared/domain/position.ts';
import type { RegimeEffect } from '@helios/shared/domain/settings/regime-effect.ts';
import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { GateCode, Side } from '@helios/shared/domain/signal.ts';
import { RealisedVolatility } from '../indicators/dispersion.ts';
import { KeyedThrottle } from '../time/throttle.ts';
import { Confirmation } from './confirmation.ts';
import { EdgeEstimate } from './edge-estimate.ts';
import { Exposure, type ManagedPosition } from './exposure.ts';
import { FollowUps } from './follow-up.ts';
import { KlineReadings } from './kline-readings.ts';
import { MarketMemory, movesTrailingStop, type PriceSample } from './market-memory.ts';
import { regimeEffectOf } from './regime.ts';
import { advanceTrailingStop } from './trailing.ts';
import { thresholdInForce, triggerOf } from './trigger.ts';

/** Mids are sampled at most this often for the volatility that stands in for a cold ATR. */
const SAMPLE_MS = 1_000;
const VOLATILITY_SAMPLES = 30;
/** Mean range of a random walk over √time, √(8/π) (Feller 1951), times √60 for a minute of one-second samples. */
const RANGE_PER_VOLATILITY = Math.sqrt((8 / Math.PI) * 60);

/** Everything the strategy knows of one symbol. Updated by events, read by `decide`. */
export class SymbolState {
  readonly symbol: string;
  readonly exposure = new Exposure();
  /** Lets each gate's refusal on record once per interval. */
  readonly refusalLog: KeyedThrottle<GateCode>;
  market = new MarketMemory();
  klines: KlineReadings;
  confirmation: Confirmation;
  edge = new EdgeEstimate();
  followUps: FollowUps;
  lastEntry: Pick<LastEntry, 'signal_id' | 'timestamp'> | undefined;
  sentiment: SentimentState | undefined;
  /** Direction of the newest book's imbalance. */
  trigger: Side | undefined;
  /** No book has come since a session ended. */
  sessionOver = false;
  /** Since when this market is listened to, where it went on before that; `undefined` where nothing came before. */
  listenedSince: number | undefined;
  readonly #params: StrategyParams;
  #volatility = new RealisedVolatility(VOLATILITY_SAMPLES);
  #volatilityAtr: number | undefined;
  #sampledTs = 0;

  constructor(symbol: string, params: StrategyParams) {
    this.symbol = symbol;
    this.#params = params;
    this.klines = new KlineReadings(params);
    this.confirmation = new Confirmation(params.signals.confirmation_window_ms, params.signals.confirmation_sample_ms);
    this.followUps = new FollowUps(params);
    this.refusalLog = new KeyedThrottle(params.signals.refusal_log_interval_sec * 1_000);
  }

  /** What the regime changes right now. */
  get effect(): RegimeEffect {
    return regimeEffectOf(this.klines.regime, this.#params.regime);
  }

  /** Imbalance that triggers right now. */
  get threshold(): number {
    return thresholdInForce(this.#params.signals.nobi_threshold, this.effect.thresholdFactor);
  }

  /** ATR for stops, in price units: that of the candles, or one derived from realised volatility while they are cold. */
  get stopAtr(): number | undefined {
    return this.klines.atr ?? this.#volatilityAtr;
  }

  /** Samples of `side` within the confirmation window suffice. */
  isConfirmed(side: Side, nowMs: number): boolean {
    return this.confirmation.count(side, nowMs) >= this.#params.signals.confirmation_count;
  }

  onBook(book: Book): void {
    if (this.sessionOver) this.#beginSession();
    const { market } = this;
    market.rememberBook(book, this.#params.signals.nobi_depth);
    this.trigger = triggerOf(market.nobi, this.threshold);
    if (!market.bookValid) return;
    const ts = book.ts_event;
    this.edge.settle(ts, market.mid);
    if (this.trigger) {
      this.confirmation.sample(this.trigger, ts);
      if (this.isConfirmed(this.trigger, ts)) this.edge.observe(ts, market.mid, this.trigger, this.klines.regime);
    }
    if (ts - this.#sampledTs >= SAMPLE_MS) this.#sampleVolatility(ts);
  }

  /** Hears what the market is worth now. */
  onPrice(event: Book | MarketTrade | MarkPrice | FallbackPrice): void {
    if (event.type === 'book') this.onBook(event);
    else if (event.type === 'trade') this.market.rememberTrade(event);
    else if (event.type === 'mark') this.market.rememberMark(event);
    else this.market.rememberFallback(event);
  }

  /** Begins to listen to a market that went on before: `samples` are what it last said, as far as somebody kept it. */
  restore(samples: readonly PriceSample[], nowMs: number): void {
    this.listenedSince ??= nowMs;
    // What was kept was made before it was read, whatever clock dated it.
    for (const sample of samples) this.market.restore({ ...sample, ts_event: Math.min(madeAt(sample), nowMs - 1) });
  }

  onKline(kline: Kline): void {
    this.klines.update(kline);
  }

  /** The book is not whole any more. */
  loseBook(): void {
    this.market.loseBook();
    this.trigger = undefined;
    this.confirmation.clear();
  }

  /**
   * The session is over: what was learnt of this market says nothing about the next. Holdings and cooldown stay, and the
   * last prices until the next book: an entry may still be on its way, and is left at them.
   */
  endSession(): void {
    const params = this.#params;
    this.sessionOver = true;
    this.klines = new KlineReadings(params);
    this.confirmation = new Confirmation(params.signals.confirmation_window_ms, params.signals.confirmation_sample_ms);
    this.edge = new EdgeEstimate();
    this.followUps = new FollowUps(params);
    this.trigger = undefined;
    this.#volatility = new RealisedVolatility(VOLATILITY_SAMPLES);
    this.#volatilityAtr = undefined;
  }

  /**
   * The clock went back by `byMs`, to `nowMs`. The history of books and the confirmation begin again, refusals are logged again.
   * A cooldown that runs begins again from now. Positions, shadows, exits and prices stay as old as they were.
   */
  setClockBack(byMs: number, nowMs: number): void {
    this.market.setClockBack(byMs);
    if (this.klines.isAheadOf(nowMs)) this.klines = new KlineReadings(this.#params);
    this.trigger = undefined;
    this.confirmation.clear();
    this.edge.dropOpen();
    this.refusalLog.clear();
    this.exposure.setClockBack(byMs);
    this.followUps.setClockBack(byMs);
    if (this.lastEntry && this.lastEntry.timestamp > nowMs) this.lastEntry = { ...this.lastEntry, timestamp: nowMs };
    if (this.listenedSince !== undefined) this.listenedSince -= byMs;
    this.#sampledTs -= byMs;
  }

  /** Lets the trails of positions, real or shadow, follow the price; returns those of which a stop was armed or moved. */
  advanceTrailingStops(
    nowMs: number,
    tightening: (side: Side) => number,
    { managed } = this.exposure,
  ): readonly ManagedPosition[] {
    const params = this.#params;
    return managed.filter((each) => {
      const known = this.market.exitPrice(each.plan.side, nowMs, params.signals.max_book_age_ms);
      if (!movesTrailingStop(known)) return false;
      const { plan, trailing } = each;
      const measure = { atr: this.stopAtr, grid: this.market.grid, tightening: tightening(plan.side) };
      each.trailing = advanceTrailingStop(plan, trailing, known.price, measure, params);
      return each.trailing?.stop !== trailing?.stop || each.trailing?.stopLoss !== trailing?.stopLoss;
    });
  }

  #beginSession(): void {
    this.sessionOver = false;
    this.market = new MarketMemory(this.market);
  }

  #sampleVolatility(ts: number): void {
    this.#volatility.update(this.market.mid, (ts - this.#sampledTs) / SAMPLE_MS);
    this.#sampledTs = ts;
    const perSecond = this.#volatility.value;
    this.#volatilityAtr = perSecond === undefined ? undefined : perSecond * RANGE_PER_VOLATILITY * this.market.mid;
  }
}

/** When the market was as the sample says: a candle may have been read long after it closed. */
function madeAt(sample: PriceSample): number {
  return sample.type === 'kline' ? sample.close_ts : sample.ts_event;
}
