import type { SymbolBookTime } from '@helios/shared/domain/fleet.ts';
import type { Kline, MarketEvent } from '@helios/shared/domain/market-data.ts';
import { frameMessage, marketTimeOf, type VenueFrame } from '../source.ts';
import { type FeedNotice, SymbolFeed } from './symbol-feed.ts';

/** Counts since the start. */
export interface FeedCounts {
  readonly frames: number;
  readonly badFrames: number;
  readonly topsCompared: number;
  readonly topsDifferent: number;
  readonly gaps: number;
}

export interface MarketFeedOptions {
  readonly symbols: readonly string[];
  /** Wall time for `ts_init`, epoch ms. */
  readonly now: () => number;
  readonly onNotice: (notice: FeedNotice) => void;
}

/** Interval of the check for silent symbols, market time. */
const SWEEP_MS = 1_000;

/**
 * Turns the venue's texts into market events, for all symbols of a source: parse, book, klines, sessions. The result depends only
 * on the frames (except for `ts_init`), so wired services, an in-process run and a backtest see the same market.
 */
export class MarketFeed {
  readonly #symbols: ReadonlyMap<string, SymbolFeed>;
  readonly #onNotice: (notice: FeedNotice) => void;
  #tsMarket = 0;
  #sweptTs = 0;
  #frames = 0;
  #badFrames = 0;

  constructor({ symbols, now, onNotice }: MarketFeedOptions) {
    this.#symbols = new Map(symbols.map((symbol) => [symbol, new SymbolFeed(symbol, { now, onNotice })]));
    this.#onNotice = onNotice;
  }

  /** Market time of the newest frame, epoch ms. */
  get tsMarket(): number {
    return this.#tsMarket;
  }

  /** True while the symbol has a session. */
  isOpen(symbol: string): boolean {
    return this.#symbols.get(symbol)?.isOpen ?? false;
  }

  /** Loads closed one-minute klines from before the first frame, oldest first. */
  warm(symbol: string, klines: readonly Kline[]): void {
    this.#symbols.get(symbol)?.warm(klines);
  }

  /** Events of one frame in the order of publication; often none. Never throws. */
  onFrame(frame: VenueFrame): MarketEvent[] {
    const out: MarketEvent[] = [];
    this.#frames += 1;
    const message = frameMessage(frame);
    if (message.kind === 'FAULT') {
      this.#badFrames += 1;
      this.#onNotice({ kind: 'BAD_FRAME', frame, detail: message.detail });
      return out;
    }
    this.#tsMarket = Math.max(this.#tsMarket, marketTimeOf(frame));
    this.#sweep(out);
    if (message.kind === 'IGNORED') return out;
    const symbol = this.#symbols.get(message.symbol);
    if (symbol === undefined) this.#onNotice({ kind: 'UNKNOWN_SYMBOL', symbol: message.symbol });
    else symbol.onMessage(message, this.#tsMarket, out);
    return out;
  }

  /** Ends the source, and with it every session. */
  end(reason = 'recording ended'): MarketEvent[] {
    const out: MarketEvent[] = [];
    for (const symbol of this.#symbols.values()) symbol.endSession(this.#tsMarket, reason, out);
    return out;
  }

  counts(): FeedCounts {
    const symbols = [...this.#symbols.values()];
    const sum = (count: (symbol: SymbolFeed) => number): number => symbols.reduce((all, one) => all + count(one), 0);
    return {
      frames: this.#frames,
      badFrames: this.#badFrames,
      topsCompared: sum((one) => one.tops.compared),
      topsDifferent: sum((one) => one.tops.different),
      gaps: sum((one) => one.gaps),
    };
  }

  /** Time without a valid book per symbol, and the missing parts of its messages. */
  bookTimes(): readonly SymbolBookTime[] {
    return [...this.#symbols].map(([symbol, { bookTime, gaps }]) => ({
      symbol,
      seen_ms: bookTime.seenMs,
      without_book_ms: bookTime.withoutBookMs,
      had_snapshot: bookTime.hadSnapshot,
      had_updates: bookTime.hadUpdate,
      gaps,
    }));
  }

  #sweep(out: MarketEvent[]): void {
    if (this.#tsMarket - this.#sweptTs < SWEEP_MS) return;
    this.#sweptTs = this.#tsMarket;
    for (const symbol of this.#symbols.values()) symbol.endIfSilent(this.#tsMarket, out);
  }
}
