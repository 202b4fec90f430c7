import type { StrategyEngine } from '@helios/core/strategy/engine.ts';
import { MINUTE_BOOKS } from '@helios/core/strategy/quiet-market.ts';
import type { Simulator } from '@helios/core/trading/paper-trading.ts';
import type { Book, Kline } from '@helios/shared/domain/market-data.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import type { PassableMinute, PassedBook, PassedMinuteTarget, QuietBelow, QuietTarget } from './data/market-target.ts';

interface Parts {
  readonly engine: Pick<StrategyEngine, 'quiet' | 'warm'>;
  readonly simulator: Pick<Simulator, 'undisturbedUntil'>;
  /** Number of book levels that the imbalance sums. */
  readonly depth: number;
  /** Side of the symbol's open position, if there is one. */
  readonly sideOf: (symbol: string) => Side | undefined;
  /** Counts frames and events that are not played. */
  readonly count: (frames: number, events: number) => void;
  /** Sees the last book of each minute without played books. */
  readonly observePassed: ObservePassed;
}

/** Sees a book that was not played. `ts`: epoch ms. */
export type ObservePassed = (symbol: string, ts: number, mid: number) => void;

/** Lets pass what can change neither strategy nor paper account. */
export class QuietPath implements QuietTarget, PassedMinuteTarget {
  readonly #parts: Parts;
  /** The last minute, if it passed while a position was open: its last books are not yet known. */
  #unseen: readonly PassableMinute[] = NONE;
  /** The last minute, if triggers passed in it that nobody saw, and (below) the imbalances that they had to reach; NaN: any passes. */
  #untold: readonly PassableMinute[] = NONE;
  #untoldThresholds = new Float64Array(1);

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  below(symbol: string): QuietBelow | undefined {
    const { engine, depth } = this.#parts;
    const threshold = engine.quiet.threshold(symbol);
    return threshold === undefined ? undefined : { threshold, depth };
  }

  skip(last?: PassedBook): void {
    this.#tellTriggers();
    this.#parts.count(1, 1);
    if (last !== undefined) this.onPassedBook(last.symbol, last.ts, last.mid);
  }

  passKlines(klines: readonly Kline[]): void {
    this.#parts.count(1, klines.length);
    for (const kline of klines) this.#parts.engine.warm(kline);
  }

  passMinute(minute: readonly PassableMinute[]): boolean {
    const { engine, depth, count } = this.#parts;
    let mayTrigger = false;
    for (const market of minute) {
      const threshold = engine.quiet.openThreshold(market.symbol);
      if (threshold === undefined) return false;
      if (threshold === Number.POSITIVE_INFINITY) mayTrigger = true;
      else if (!market.staysBelow(threshold, depth)) return false;
    }
    const isFlat = engine.quiet.isFlat();
    if (!isFlat && !this.#positionsStay(minute)) return false;
    this.#showWatched(minute);
    this.#untold = mayTrigger ? this.#noted(minute) : NONE;
    for (const market of minute) {
      market.pass(this);
      count(MINUTE_BOOKS + 1, MINUTE_BOOKS);
    }
    this.#unseen = isFlat ? NONE : minute;
    return true;
  }

  onPassedBook(symbol: string, ts: number, mid: number): void {
    this.#parts.engine.quiet.passBook(symbol, ts);
    this.#parts.observePassed(symbol, ts, mid);
  }

  onPassedKline(kline: Kline): void {
    this.#parts.count(0, 1);
    this.#parts.engine.warm(kline);
  }

  /** The last books of minutes that passed while a position was open; call before the next frame is played. */
  takeUnseen(): readonly Book[] {
    this.#tellTriggers();
    if (this.#unseen.length === 0) return NO_BOOKS;
    const books = this.#unseen.map((market) => market.lastPassed());
    this.#unseen = NONE;
    return books;
  }

  /** Prices and funding leave the positions as they are; what is due at the end of the minute is played. */
  #positionsStay(minute: readonly PassableMinute[]): boolean {
    const { engine, simulator } = this.#parts;
    const untilTs = simulator.undisturbedUntil() ?? Number.NEGATIVE_INFINITY;
    return (
      minute.every(({ endTs }) => endTs < untilTs) && engine.quiet.passPrices(minute.map((market) => market.prices()))
    );
  }

  /** Step by step, as the books of all symbols would be played. */
  #showWatched(minute: readonly PassableMinute[]): void {
    const { engine, depth, sideOf } = this.#parts;
    if (!minute.some(({ symbol, endTs }) => engine.quiet.watchesBooks(symbol, endTs))) return;
    const watched = minute.filter(({ symbol, endTs }) => engine.quiet.watchesBooks(symbol, endTs));
    for (let step = 0; step < MINUTE_BOOKS; step += 1) {
      for (const market of watched) {
        const { ts, mid, nobi } = market.glimpse(step, sideOf(market.symbol), depth);
        engine.quiet.watchBook(market.symbol, ts, mid, nobi);
      }
    }
  }

  /** The klines of the minute may change the threshold. */
  #noted(minute: readonly PassableMinute[]): readonly PassableMinute[] {
    const { quiet } = this.#parts.engine;
    const count = minute.length;
    if (this.#untoldThresholds.length < count) this.#untoldThresholds = new Float64Array(count);
    for (let at = 0; at < count; at += 1)
      this.#untoldThresholds[at] = quiet.triggerThreshold(minute[at]?.symbol ?? '') ?? Number.NaN;
    return minute;
  }

  /** Shows the triggers of the last minute, if it passed: they confirm later ones. */
  #tellTriggers(): void {
    if (this.#untold.length === 0) return;
    const { engine, depth, sideOf } = this.#parts;
    for (const [at, market] of this.#untold.entries()) {
      const threshold = this.#untoldThresholds[at] ?? Number.NaN;
      const side = sideOf(market.symbol);
      for (let step = 0; step < MINUTE_BOOKS; step += 1) {
        const { ts, nobi } = market.glimpsePassed(step, side, depth);
        engine.quiet.rememberTrigger(market.symbol, ts, nobi, threshold);
      }
    }
    this.#untold = NONE;
  }
}

const NONE: readonly PassableMinute[] = [];
const NO_BOOKS: readonly Book[] = [];
