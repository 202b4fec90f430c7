import { BookSync } from '@helios/binance/book-sync.ts';
import { parseFrame } from '@helios/binance/parse-frame.ts';
import type { BookTicker } from '@helios/binance/wire/book-ticker.ts';
import type { DepthSnapshot } from '@helios/binance/wire/depth-snapshot.ts';
import type { DepthUpdate } from '@helios/binance/wire/depth-update.ts';
import { imbalance, notional } from '@helios/core/book/imbalance.ts';
import { OrderBook } from '@helios/core/book/order-book.ts';
import type { Level } from '@helios/shared/domain/market-data.ts';

/** Time between two samples of a book, ms. */
export const SAMPLE_MS = 100;

/** Levels per side for imbalance and depth. */
const TOP = 10;

/** Samples of one symbol's book every `SAMPLE_MS` (parallel arrays), and counts over the whole time. */
export interface SymbolSamples {
  readonly mids: number[];
  /** (ask depth − bid depth) / (ask depth + bid depth). */
  readonly imbalances: number[];
  readonly spreads: number[];
  /** Value of the top levels of both sides together, quote currency. */
  readonly depths: number[];
  trades: number;
  /** Traded value, quote currency. */
  tradedValue: number;
  depthUpdates: number;
  changedLevels: number;
  /** Maximum number of levels on one side. */
  maxLevels: number;
  /** Breaks of the update sequence, and crossed books: 0 in a correct feed. */
  faults: number;
  /** Book tickers compared with the book after the update with the same id. `tickersDiffering` of them differ. */
  tickersCompared: number;
  tickersDiffering: number;
}

function emptySamples(): SymbolSamples {
  return {
    mids: [],
    imbalances: [],
    spreads: [],
    depths: [],
    trades: 0,
    tradedValue: 0,
    depthUpdates: 0,
    changedLevels: 0,
    maxLevels: 0,
    faults: 0,
    tickersCompared: 0,
    tickersDiffering: 0,
  };
}

class SymbolSampler {
  readonly samples = emptySamples();
  private readonly book = new OrderBook();
  private readonly sync = new BookSync();
  private bookUpdateId: number | undefined = undefined;
  private nextSampleMs: number | undefined = undefined;

  snapshot(snapshot: DepthSnapshot): void {
    const step = this.sync.onSnapshot(snapshot);
    if (step.kind !== 'RESET') return;
    this.book.reset(snapshot);
    for (const update of step.updates) this.apply(update);
  }

  update(update: DepthUpdate): void {
    if (this.sync.isSynced) this.sampleUntil(update.tsEvent);
    const step = this.sync.onUpdate(update);
    if (step.kind === 'INVALID') this.samples.faults += 1;
    if (step.kind === 'APPLY') this.apply(update);
  }

  private apply(update: DepthUpdate): void {
    this.book.apply(update);
    this.bookUpdateId = update.lastUpdateId;
    this.samples.depthUpdates += 1;
    this.samples.changedLevels += update.bids.length + update.asks.length;
    if (this.book.isCrossed) this.samples.faults += 1;
    const { bids, asks } = this.book.depth;
    this.samples.maxLevels = Math.max(this.samples.maxLevels, bids, asks);
  }

  ticker(ticker: BookTicker): void {
    if (!this.sync.isSynced || ticker.updateId !== this.bookUpdateId) return;
    this.samples.tickersCompared += 1;
    const same = sameLevel(this.book.bestBid, ticker.bid) && sameLevel(this.book.bestAsk, ticker.ask);
    if (!same) this.samples.tickersDiffering += 1;
  }

  trade(value: number): void {
    this.samples.trades += 1;
    this.samples.tradedValue += value;
  }

  /** Takes every due sample before an update at `nowMs` changes the book. */
  private sampleUntil(nowMs: number): void {
    this.nextSampleMs ??= Math.ceil(nowMs / SAMPLE_MS) * SAMPLE_MS;
    while (this.nextSampleMs < nowMs) {
      this.sample();
      this.nextSampleMs += SAMPLE_MS;
    }
  }

  private sample(): void {
    const best = this.book.top(TOP);
    const nobi = imbalance(best, TOP);
    const { mid, bestBid, bestAsk } = this.book;
    if (nobi === undefined || mid === undefined) return;
    this.samples.mids.push(mid);
    this.samples.imbalances.push(nobi);
    this.samples.spreads.push(Number(bestAsk?.[0]) - Number(bestBid?.[0]));
    this.samples.depths.push(notional(best, 'bids', TOP) + notional(best, 'asks', TOP));
  }
}

function sameLevel(a: Level | undefined, b: Level): boolean {
  return a !== undefined && a[0] === b[0] && a[1] === b[1];
}

/** Rebuilds every symbol's book from the venue's texts, like the fleet, and samples it on the venue's clock. */
export class BookSampler {
  private readonly symbols = new Map<string, SymbolSampler>();

  /** Number of unreadable texts; 0 in a correct feed. */
  faults = 0;

  /** Takes one text in arrival order. @param symbol the symbol of a snapshot without a name */
  add(text: string, symbol?: string): void {
    const message = parseFrame(text, symbol);
    if (message.kind === 'FAULT') this.faults += 1;
    if (message.kind === 'FAULT' || message.kind === 'IGNORED') return;
    const sampler = this.samplerOf(message.symbol);
    if (message.kind === 'DEPTH_UPDATE') sampler.update(message);
    else if (message.kind === 'BOOK_TICKER') sampler.ticker(message);
    else if (message.kind === 'DEPTH_SNAPSHOT') sampler.snapshot(message);
    else if (message.kind === 'TRADE') sampler.trade(Number(message.price) * Number(message.qty));
  }

  private samplerOf(symbol: string): SymbolSampler {
    const known = this.symbols.get(symbol);
    if (known !== undefined) return known;
    const fresh = new SymbolSampler();
    this.symbols.set(symbol, fresh);
    return fresh;
  }

  /** Samples by symbol so far. */
  results(): ReadonlyMap<string, SymbolSamples> {
    return new Map([...this.symbols].map(([symbol, sampler]) => [symbol, sampler.samples]));
  }
}
