import { BookSync } from '@helios/binance/book-sync.ts';
import { parseFrame } from '@helios/binance/parse-frame.ts';
import type { BookTicker } from '@helios/binance/wire/book-ticker.ts';
import type { DepthSnapshot } from '@helios/binance/wire/depth-snapshot.ts';
import type { DepthUpdate } from '@helios/binance/wire/depth-update.ts';
import { imbalance, notional } from '@helios/core/book/imbalance.ts';
import { OrderBook } from '@helios/core/book/order-book.ts';
import { Confirmation } from '@helios/core/strategy/confirmation.ts';
import { triggerOf } from '@helios/core/strategy/trigger.ts';
import type { Level } from '@helios/shared/domain/market-data.ts';
import type { Side } from '@helios/shared/domain/signal.ts';

/** Time between two samples of a book, ms. */
export const SAMPLE_MS = 100;

/** Levels per side for imbalance and depth. */
const TOP = 10;

/** The strategy's default trigger: this |NOBI| in `COUNT` samples of one direction, at least `EVERY_MS` apart, within `WITHIN_MS`. */
export const TRIGGER = 0.4;
const COUNT = 3;
const EVERY_MS = 250;
const WITHIN_MS = 2_000;

/** Samples of one symbol's book every `SAMPLE_MS` (parallel arrays), and counts over the whole time. */
export interface SymbolSamples {
  readonly mids: number[];
  /** (ask depth − bid depth) / (ask depth + bid depth). */
  readonly imbalances: number[];
  readonly spreads: number[];
  /** Value of the top levels of both sides together, quote currency. */
  readonly depths: number[];
  trades: number;
  /** 1 where a taker bought, −1 where it sold, in order of the trades. */
  readonly tradeSigns: number[];
  /** Whole minutes: last mid and traded value. */
  readonly minuteMids: number[];
  readonly minuteVolumes: number[];
  /** Number of times that a trigger became confirmed. */
  confirmations: number;
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
    tradeSigns: [],
    minuteMids: [],
    minuteVolumes: [],
    confirmations: 0,
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
  private readonly confirmation = new Confirmation(WITHIN_MS, EVERY_MS);
  private confirmed: Side | undefined = undefined;
  private minute: number | undefined = undefined;
  private minuteVolume = 0;

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
    if (step.kind !== 'APPLY') return;
    this.apply(update);
    this.confirm(update.tsEvent);
  }

  private confirm(nowMs: number): void {
    const side = triggerOf(imbalance(this.book.top(TOP), TOP), TRIGGER);
    if (side !== undefined) this.confirmation.sample(side, nowMs);
    const confirmed = side !== undefined && this.confirmation.count(side, nowMs) >= COUNT ? side : undefined;
    if (confirmed !== undefined && confirmed !== this.confirmed) this.samples.confirmations += 1;
    this.confirmed = confirmed;
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

  trade(value: number, buyerIsMaker: boolean): void {
    this.samples.trades += 1;
    this.samples.tradeSigns.push(buyerIsMaker ? -1 : 1);
    this.minuteVolume += value;
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
    this.endMinute(mid);
    this.samples.mids.push(mid);
    this.samples.imbalances.push(nobi);
    this.samples.spreads.push(Number(bestAsk?.[0]) - Number(bestBid?.[0]));
    this.samples.depths.push(notional(best, 'bids', TOP) + notional(best, 'asks', TOP));
  }

  private endMinute(mid: number): void {
    const minute = Math.floor((this.nextSampleMs ?? 0) / 60_000);
    if (minute === this.minute) return;
    // The first minute is not whole.
    if (this.minute !== undefined) {
      this.samples.minuteMids.push(mid);
      this.samples.minuteVolumes.push(this.minuteVolume);
    }
    this.minute = minute;
    this.minuteVolume = 0;
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
    else if (message.kind === 'TRADE') sampler.trade(Number(message.price) * Number(message.qty), message.buyerIsMaker);
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
