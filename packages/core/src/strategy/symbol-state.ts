import type { Book, FallbackPrice, Kline, MarketTrade, MarkPrice } from '@helios/shared/domain/market-data.ts';
import type { SentimentState } from '@helios/shared/domain/market-state.ts';
import type { LastEntry } from '@helios/shared/domain/position.ts';
import type { RegimeEffect } from '@helios/shared/domain/settings/regime-effect.ts';
import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { GateCode, Side } from '@helios/shared/domain/signal.ts';
import { copyOfBook } from '../book/unit-book.ts';
import type { BookFlow } from '../features/book-flow.ts';
import type { CandidateWatch } from '../features/candidate-watch.ts';
import { KeyedThrottle } from '../time/throttle.ts';
import { CalmPositions } from './calm-positions.ts';
import { Confirmation } from './confirmation.ts';
import { EdgeEstimates, OpenMoves } from './edge-estimate.ts';
import type { ExitPlan } from './exit-plan.ts';
import { Exposure, type ManagedPosition } from './exposure.ts';
import { FollowUps } from './follow-up.ts';
import { horizonAtr } from './horizon-atr.ts';
import { ImbalanceQuantile } from './imbalance-quantile.ts';
import { KlineReadings } from './kline-readings.ts';
import { movesTrailingStop } from './known-price.ts';
import { MarketMemory, type PriceSample } from './market-memory.ts';
import { MidRange } from './mid-range.ts';
import { regimeEffectOf } from './regime.ts';
import { advanceTrailingStop, type StopMeasure } from './trailing.ts';
import { thresholdInForce, triggerOf } from './trigger.ts';

/** All strategy state of one symbol. Events update it, `decide` reads it. */
export class SymbolState {
  readonly symbol: string;
  exposure = new Exposure();
  readonly calm = new CalmPositions();
  /** Allows one recorded refusal per gate and interval. */
  readonly refusalLog: KeyedThrottle<GateCode>;
  /** Collects what models learn from; undefined if nothing does. */
  readonly watch: CandidateWatch | undefined;
  /** What orders did to the books; undefined if nothing reads it, or if the books are made up. */
  readonly bookFlow: BookFlow | undefined;
  market = new MarketMemory();
  klines: KlineReadings;
  confirmation: Confirmation;
  /** Measured edges of the whole fleet, and the moves of this symbol that are being measured. */
  readonly edges: EdgeEstimates;
  readonly openMoves: OpenMoves;
  followUps: FollowUps;
  lastEntry: Pick<LastEntry, 'signal_id' | 'timestamp'> | undefined;
  sentiment: SentimentState | undefined;
  /** The gate that refused the last trigger. */
  refusedBy: GateCode | undefined;
  /** Direction of the newest book's imbalance. */
  trigger: Side | undefined;
  /** True from the end of a session until the next book. */
  sessionOver = false;
  /** Start of following a market that traded before; `undefined` if there was no earlier data. */
  listenedSince: number | undefined;
  readonly #params: StrategyParams;
  readonly #midRange = new MidRange();
  #imbalances = new ImbalanceQuantile();

  constructor(
    symbol: string,
    params: StrategyParams,
    edges = new EdgeEstimates(),
    watch?: CandidateWatch,
    bookFlow?: BookFlow,
  ) {
    this.symbol = symbol;
    this.bookFlow = bookFlow;
    this.edges = edges;
    this.openMoves = new OpenMoves(edges);
    this.watch = watch;
    this.#params = params;
    this.klines = new KlineReadings(params);
    this.confirmation = new Confirmation(params.signals.confirmation_window_ms, params.signals.confirmation_sample_ms);
    this.followUps = new FollowUps(params);
    this.refusalLog = new KeyedThrottle(params.signals.refusal_log_interval_sec * 1_000);
  }

  /** Takes an entry, for the cooldown, unless a newer one is known. */
  rememberEntry(signal_id: string, timestamp: number): void {
    const known = this.lastEntry;
    if (known?.signal_id === signal_id || (known && known.timestamp >= timestamp)) return;
    this.lastEntry = { signal_id, timestamp };
  }

  /** Current effect of the regime. */
  get effect(): RegimeEffect {
    return regimeEffectOf(this.klines.regime, this.#params.regime);
  }

  /** Current trigger threshold of the imbalance. */
  get threshold(): number {
    return thresholdInForce(this.#params.signals, this.effect.thresholdFactor, this.#imbalances);
  }

  /** The threshold if it is the same for this number of books; undefined if it may change between them. */
  thresholdFor(books: number): number | undefined {
    const isFixed = this.#params.signals.nobi_threshold !== 'auto' || this.#imbalances.stableFor >= books;
    return isFixed ? this.threshold : undefined;
  }

  /** ATR for stops, in price units: from klines, or derived from realised volatility while they are cold. */
  get stopAtr(): number | undefined {
    return this.klines.atr ?? this.#midRange.value;
  }

  /** ATR of the horizon of a reason, in price units; without a horizon that of a minute. */
  atrOf(horizonMin: number | undefined): number | undefined {
    return horizonAtr({ atr: this.stopAtr, hourRange: this.klines.hourRange }, horizonMin);
  }

  /** True if the confirmation window has enough samples of `side`. */
  isConfirmed(side: Side, nowMs: number): boolean {
    return this.confirmation.count(side, nowMs) >= this.#params.signals.confirmation_count;
  }

  onBook(book: Book): void {
    if (this.sessionOver) this.#beginSession();
    const { market } = this;
    market.rememberBook(book, this.#params.signals.nobi_depth);
    this.trigger = triggerOf(market.nobi, this.threshold);
    if (!market.bookValid) {
      this.bookFlow?.loseBook();
      return;
    }
    const ts = book.ts_event;
    // The history of books begins with this one: what changed since an older one is not known to be recent.
    if (market.unbrokenSince === ts) this.bookFlow?.loseBook();
    this.bookFlow?.onBook(book, market.bid, market.ask);
    this.learn(ts, market.mid, market.nobi ?? 0);
    if (this.trigger) this.confirmation.sample(this.trigger, ts);
    this.#midRange.sample(ts, market.mid);
  }

  /** Learns from mid and imbalance of any book. */
  learn(ts: number, mid: number, nobi: number): void {
    if (this.#params.signals.nobi_threshold === 'auto') this.#imbalances.sample(nobi, ts);
    this.openMoves.settle(ts, mid);
  }

  /** Updates the current market price. */
  onPrice(event: Book | MarketTrade | MarkPrice | FallbackPrice): void {
    if (event.type === 'book') this.onBook(event);
    else if (event.type === 'trade') this.market.rememberTrade(event);
    else if (event.type === 'mark') this.market.rememberMark(event);
    else this.market.rememberFallback(event);
    this.watch?.onPrice(event, this.market.bookValid ? this.market : undefined);
  }

  /** Starts to follow a market that traded before; `samples` are its stored last prices. */
  restore(samples: readonly PriceSample[], nowMs: number): void {
    this.listenedSince ??= nowMs;
    // A stored price was made before it was read, whatever clock stamped it.
    for (const sample of samples) {
      const ts_event = Math.min(madeAt(sample), nowMs - 1);
      this.market.restore(sample.type === 'book' ? copyOfBook(sample, { ts_event }) : { ...sample, ts_event });
    }
  }

  onKline(kline: Kline): void {
    this.klines.update(kline);
    this.watch?.onKline(kline);
  }

  /** Marks the book as invalid. */
  loseBook(): void {
    this.market.loseBook();
    this.bookFlow?.loseBook();
    this.watch?.features.loseBook();
    this.trigger = undefined;
    this.confirmation.clear();
  }

  /**
   * Ends the session: its market data says nothing about the next one. Positions and cooldown stay. The last prices stay until
   * the next book: a pending entry may still fill, and closes at them.
   */
  endSession(): void {
    const params = this.#params;
    this.sessionOver = true;
    this.klines = new KlineReadings(params);
    this.confirmation = new Confirmation(params.signals.confirmation_window_ms, params.signals.confirmation_sample_ms);
    this.#imbalances = new ImbalanceQuantile();
    this.openMoves.drop();
    this.followUps = this.followUps.emptied();
    this.bookFlow?.reset();
    this.watch?.features.reset();
    this.trigger = undefined;
    this.#midRange.restart();
  }

  /**
   * Handles a clock that went back by `byMs`, to `nowMs`. Book history and confirmation restart, and refusals are logged again. A
   * running cooldown restarts from now. The age of positions, shadows, exits and prices stays the same.
   */
  setClockBack(byMs: number, nowMs: number): void {
    this.market.setClockBack(byMs);
    if (this.klines.isAheadOf(nowMs)) this.klines = new KlineReadings(this.#params);
    this.trigger = undefined;
    this.confirmation.clear();
    this.openMoves.drop();
    this.refusalLog.clear();
    this.exposure.setClockBack(byMs);
    this.followUps.setClockBack(byMs);
    this.bookFlow?.reset();
    this.watch?.features.setClockBack(nowMs);
    this.watch?.excursions.setClockBack(byMs);
    if (this.lastEntry && this.lastEntry.timestamp > nowMs) this.lastEntry = { ...this.lastEntry, timestamp: nowMs };
    if (this.listenedSince !== undefined) this.listenedSince -= byMs;
    this.#midRange.setClockBack(byMs);
    this.#imbalances.setClockBack(byMs);
  }

  /** Moves the trailing stops of real or shadow positions; returns the positions whose stop was armed or moved. */
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
      const measure = this.stopMeasure(plan, tightening(plan.side));
      each.trailing = advanceTrailingStop(plan, trailing, known.price, measure, params);
      return each.trailing?.stop !== trailing?.stop || each.trailing?.stopLoss !== trailing?.stopLoss;
    });
  }

  /** Inputs of the stop distances of a position. */
  stopMeasure({ horizonMin }: ExitPlan, tightening: number): StopMeasure {
    return { atr: this.atrOf(horizonMin), grid: this.market.grid, tightening };
  }

  #beginSession(): void {
    this.sessionOver = false;
    this.market = new MarketMemory(this.market);
  }
}

/** Time of the sample in the market: a kline may be read long after it closed. */
function madeAt(sample: PriceSample): number {
  return sample.type === 'kline' ? sample.close_ts : sample.ts_event;
}
