import { ageOf } from '@helios/shared/domain/age.ts';
import {
  FEATURE_NAMES,
  FEATURE_SIGNED,
  FEATURE_TIMEFRAMES,
  LEADERS,
  SEQUENCE,
} from '@helios/shared/domain/features.ts';
import {
  type Book,
  isKlineStale,
  type Kline,
  type MarketTrade,
  type MarkPrice,
} from '@helios/shared/domain/market-data.ts';
import type { SentimentState } from '@helios/shared/domain/market-state.ts';
import type { MarketRegime, Side } from '@helios/shared/domain/signal.ts';
import { numbersOf } from '../indicators/number-kline.ts';
import type { BookFlow } from './book-flow.ts';
import { bidsAgainstAsks, bookShapeOf } from './book-shape.ts';
import { MarkFeatures } from './mark-features.ts';
import { MinuteHistory } from './minute-history.ts';
import { missingValues } from './missing.ts';
import { regimeValues } from './regime-values.ts';
import { newTimeframes } from './timeframe-history.ts';
import { TradeFlow } from './trade-flow.ts';

/** An older book of another coin says nothing about now. */
const LEADER_BOOK_MAX_AGE_MS = 10_000;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** The interval whose ranges give `volatility_rank`. */
const RANK_INTERVAL = '15m';

/** What a candidate is judged with besides the market data of its own symbol. */
export interface FeatureInputs {
  /** Market time, epoch ms. */
  readonly nowMs: number;
  /** Best prices now, quote currency; undefined without a valid book. */
  readonly quote: { readonly bid: number; readonly ask: number } | undefined;
  readonly regime: MarketRegime;
  readonly sentiment: SentimentState | undefined;
  /** True: the reader learned from candles, so it gets what candles say also where trades and books say more. */
  readonly ofCandles?: boolean;
}

/** Finds what is known of another symbol. */
export type FindFeatures = (symbol: string) => SymbolFeatures | undefined;

/** Collects the features of one symbol from its events, and writes them as a vector when a decision asks. */
export class SymbolFeatures {
  readonly #symbol: string;
  readonly #find: FindFeatures;
  readonly #bookFlow: BookFlow | undefined;
  #tradeFlow = new TradeFlow();
  #minutes = new MinuteHistory();
  #timeframes = newTimeframes();
  readonly #mark = new MarkFeatures();
  /** The newest valid book; undefined if it is made up. */
  #book: Book | undefined;

  /**
   * `bookFlow` has taken each book before `onBook`. Without it the books come from candles or trades, so they say nothing and
   * their features are missing.
   */
  constructor(symbol: string, find: FindFeatures, bookFlow: BookFlow | undefined) {
    this.#symbol = symbol;
    this.#find = find;
    this.#bookFlow = bookFlow;
  }

  /** True if a book that passes unread would change a feature. */
  get needsBooks(): boolean {
    return this.#bookFlow !== undefined;
  }

  /** True on candles. */
  get #isPriceMadeUp(): boolean {
    return !this.needsBooks && this.#tradeFlow.isEmpty;
  }

  /** Takes the next valid book. */
  onBook(book: Book): void {
    if (this.needsBooks) this.#book = book;
  }

  onTrade(trade: MarketTrade): void {
    this.#tradeFlow.onTrade(trade);
  }

  onMark(mark: MarkPrice): void {
    this.#mark.onMark(mark);
  }

  /** Takes a closed kline; ignores one that is not newer than the last of its interval. */
  onKline(kline: Kline): void {
    const { interval, open_ts } = kline;
    if (interval === '1m') {
      if (open_ts > (this.#minutes.newestOpenTs ?? -1)) this.#minutes.add(open_ts, numbersOf(kline));
      return;
    }
    const timeframe = this.#timeframes[interval];
    if (open_ts > timeframe.openTs) timeframe.add(open_ts, numbersOf(kline));
  }

  /** A book is missing. */
  loseBook(): void {
    this.#book = undefined;
  }

  /** The session ended: its data say nothing about the next one. */
  reset(): void {
    this.loseBook();
    this.#tradeFlow = new TradeFlow();
    this.#minutes = new MinuteHistory();
    this.#timeframes = newTimeframes();
    this.#mark.forget();
  }

  /** The clock was set back: windows of trades start from empty, and klines of the future are dropped. */
  setClockBack(nowMs: number): void {
    this.loseBook();
    this.#tradeFlow = new TradeFlow();
    this.#mark.forget();
    if ((this.#minutes.newestOpenTs ?? -1) > nowMs) this.#minutes = new MinuteHistory();
    if (Object.values(this.#timeframes).some(({ openTs }) => openTs > nowMs)) this.#timeframes = newTimeframes();
  }

  /** The features in the order of `FEATURE_NAMES`; NaN: missing. */
  vector(side: Side, inputs: FeatureInputs): Float64Array {
    const vector = Float64Array.from(this.#values(inputs));
    if (vector.length !== FEATURE_NAMES.length)
      throw new Error(`${vector.length} features instead of ${FEATURE_NAMES.length}`);
    if (side === 'LONG') return vector;
    for (const [i, isSigned] of FEATURE_SIGNED.entries()) if (isSigned) vector[i] = 0 - (vector[i] ?? Number.NaN);
    return vector;
  }

  /** The last one-minute klines as `SEQUENCE` names them; undefined while one is missing or the newest is stale. */
  sequence(side: Side, nowMs: number): Float64Array[] | undefined {
    if (this.#areMinutesStale(nowMs)) return undefined;
    const rows = this.#minutes.sequence();
    if (rows === undefined || side === 'LONG') return rows;
    for (const row of rows) {
      for (const [i, isSigned] of SEQUENCE.isSigned.entries()) if (isSigned) row[i] = 0 - (row[i] ?? Number.NaN);
    }
    return rows;
  }

  /** The features as for a LONG. */
  #values(inputs: FeatureInputs): number[] {
    const { nowMs, quote } = inputs;
    // Candles do not say the price between the open and the close of a minute: that of their books is made up.
    const isUnknown = quote === undefined || inputs.ofCandles === true || this.#isPriceMadeUp;
    const mid = isUnknown ? Number.NaN : (quote.bid + quote.ask) / 2;
    return [
      ...this.#bookValues(inputs),
      ...this.#minuteValues(nowMs),
      ...FEATURE_TIMEFRAMES.flatMap((interval) => {
        const timeframe = this.#timeframes[interval];
        return timeframe.isStale(nowMs) ? [Number.NaN, Number.NaN] : [timeframe.trend, timeframe.momentum];
      }),
      ...this.#returnValues(nowMs, mid),
      ...regimeValues(inputs.regime),
      ...this.#markValues(nowMs, mid),
      Math.sin((2 * Math.PI * (nowMs % DAY_MS)) / DAY_MS),
      Math.cos((2 * Math.PI * (nowMs % DAY_MS)) / DAY_MS),
      ...LEADERS.flatMap(({ symbol }) => this.#leaderValues(symbol, nowMs)),
      inputs.sentiment?.score ?? Number.NaN,
      inputs.sentiment?.momentum ?? Number.NaN,
    ];
  }

  #bookValues(inputs: FeatureInputs): number[] {
    const { nowMs, quote } = inputs;
    const flows = [
      this.#tradeFlow.flow(nowMs, 10_000),
      this.#flowOfMinutes(MINUTE_MS, inputs),
      this.#flowOfMinutes(5 * MINUTE_MS, inputs),
    ];
    const [book, bookFlow] = [this.#book, this.#bookFlow];
    if (book === undefined || bookFlow === undefined || quote === undefined)
      return [...missingValues(7), ...flows, ...missingValues(5)];
    const shape = bookShapeOf(book);
    return [
      ...[shape.queue, shape.imbalance5, shape.imbalance10, shape.imbalance20],
      ...[1_000, 10_000, 60_000].map((windowMs) => bookFlow.orderFlow(nowMs, windowMs)),
      ...flows,
      ...[shape.micropriceBp, shape.spreadBp, bookFlow.spreadRank(quote.bid, quote.ask)],
      ...[shape.distanceBp, shape.skew],
    ];
  }

  /** The flow of trades, or that of klines where no trades are known. */
  #flowOfMinutes(windowMs: number, { nowMs, ofCandles }: FeatureInputs): number {
    const minutes = windowMs / MINUTE_MS;
    if (ofCandles !== true && !this.#tradeFlow.isEmpty) return this.#tradeFlow.flow(nowMs, windowMs);
    return this.#areMinutesStale(nowMs) ? Number.NaN : this.#minutes.takerFlow(minutes);
  }

  #minuteValues(nowMs: number): number[] {
    const ranks = this.#timeframes[RANK_INTERVAL];
    const rank = ranks.isStale(nowMs) ? Number.NaN : ranks.rangeRank;
    if (this.#areMinutesStale(nowMs)) return [...missingValues(3), rank, Number.NaN];
    const volatilities = [15, 60, 240].map((minutes) => 10_000 * this.#minutes.volatility(minutes));
    return [...volatilities, rank, this.#minutes.volumeLn];
  }

  #returnValues(nowMs: number, mid: number): number[] {
    if (this.#areMinutesStale(nowMs)) return missingValues(6);
    const minutes = this.#minutes;
    return [
      minutes.returnTo(mid),
      ...[5, 15, 60, 240].map((length) => minutes.return(length)),
      minutes.distance(Number.isNaN(mid) ? minutes.close : mid),
    ];
  }

  #markValues(nowMs: number, mid: number): number[] {
    const { fundingBp, hours, basisBp } = this.#mark.read(nowMs, mid);
    return [fundingBp, hours, basisBp];
  }

  #leaderValues(symbol: string, nowMs: number): number[] {
    const leader = symbol === this.#symbol ? undefined : this.#find(symbol);
    return leader === undefined ? missingValues(3) : leader.asLeader(nowMs);
  }

  /** What this symbol says about others: returns of 15 and 60 minutes in σ, and the imbalance of twenty levels. */
  asLeader(nowMs: number): number[] {
    const returns = this.#areMinutesStale(nowMs)
      ? missingValues(2)
      : [this.#minutes.return(15), this.#minutes.return(60)];
    const book = this.#book;
    const ageMs = book && ageOf(book.ts_event, nowMs);
    const isKnown = book !== undefined && ageMs !== undefined && ageMs <= LEADER_BOOK_MAX_AGE_MS;
    return [...returns, isKnown ? bidsAgainstAsks(book, 20) : Number.NaN];
  }

  #areMinutesStale(nowMs: number): boolean {
    const openTs = this.#minutes.newestOpenTs;
    return openTs === undefined || isKlineStale('1m', openTs, nowMs);
  }
}
