import type { VenueMessage } from '@helios/binance/parse-frame.ts';
import { frameMessage, type MarketSource, marketTimeOf, type VenueFrame } from '@helios/market-data/source.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import { historyLength } from '@helios/shared/domain/kline-history.ts';
import { KlineInterval } from '@helios/shared/domain/market-data.ts';
import { createGeneratorSource } from '@helios/synthetic-market/generator-source.ts';
import type { ServerTime } from './served-book.ts';
import { SymbolMarket } from './symbol-market.ts';
import { fromKline } from './venue-kline.ts';

/** Market time between the end of a source and its next round. */
const PAUSE_MS = 1_000;
/** Frames played before other work gets a turn. */
const BATCH = 2_000;

export interface VenueMarketOptions {
  readonly source: MarketSource;
  /** Epoch ms. */
  readonly nowMs: () => number;
  /** Market ms per ms of the clock. */
  readonly speed: number;
  /** At the source's end: repeat it, or stand still. */
  readonly atEnd: 'repeat' | 'hold';
  /** Market ms played before the start, so that there are books and trades. */
  readonly leadMs: number;
}

/** Called while frames play: all frames before `ms` of the clock were played; with `isInclusive` also those at `ms`. */
export type ClockObserver = (ms: number, isInclusive: boolean) => void;

/** Called after a message of a symbol was applied, with its time on the server's clock. */
export type PlayedObserver = (symbol: string, message: VenueMessage, ts: number) => void;

/**
 * All symbols of a source, played on a clock. Nothing moves by itself: `advance` plays every frame up to the clock, so a settable
 * clock gives the same market on every run. Frame times are shifted so that the first frame plays at the start.
 */
export class ExchangeMarket {
  readonly #options: VenueMarketOptions;
  readonly #symbols: ReadonlyMap<string, SymbolMarket>;
  /** When the first frame is due, epoch ms of the clock. */
  readonly #startedMs: number;
  #stop = new AbortController();
  #frames: AsyncIterator<VenueFrame>;
  #next: VenueFrame | undefined;
  #firstTs: number | undefined;
  /** Market ms played in earlier rounds of a repeated source, and up to the newest frame. */
  #playedMs = 0;
  #elapsedMs = 0;
  #advancing: Promise<void> = Promise.resolve();
  #offsetMs = 0;
  #ended = false;
  readonly #observers: ClockObserver[] = [];
  #onPlayed: PlayedObserver = () => {};
  #playedToMs: number;

  private constructor(options: VenueMarketOptions, instruments: readonly Instrument[]) {
    this.#options = options;
    this.#symbols = new Map(instruments.map((one) => [one.symbol, new SymbolMarket(one.tick_size, one.step_size)]));
    this.#startedMs = options.nowMs() - options.leadMs / options.speed;
    this.#frames = this.#open();
    this.#playedToMs = this.#startedMs;
  }

  /** Reads instruments and history, and plays the lead. */
  static async start(options: VenueMarketOptions): Promise<ExchangeMarket> {
    const instruments = await options.source.instruments();
    const market = new ExchangeMarket(options, instruments);
    for (const { symbol } of instruments) await market.#warm(symbol, options.source);
    await market.advance();
    return market;
  }

  /** Makes up klines before the start for symbols whose source has none; they end at the present price. */
  async makeUpPast(seed: number): Promise<void> {
    for (const [symbol, market] of this.#symbols) {
      const price = Number(market.lastPrice);
      if (market.klines.isWarm || !(price > 0)) continue;
      const startMs = Math.round(this.#startedMs);
      const past = createGeneratorSource({ seed, symbols: [symbol], startMs, startPrices: { [symbol]: price } });
      await this.#warm(symbol, past);
    }
  }

  async #warm(symbol: string, source: MarketSource): Promise<void> {
    // The longer klines come first; 1m klines then replace their newest part.
    for (const interval of KlineInterval.options.toReversed()) {
      const klines = await source.history(symbol, interval, historyLength(interval));
      if (klines.length > 0) this.symbol(symbol)?.klines.warm(interval, klines.map(fromKline));
    }
  }

  symbol(symbol: string): SymbolMarket | undefined {
    return this.#symbols.get(symbol);
  }

  /** Adds an observer. It is called before each frame, and after all due frames. */
  watch(observer: ClockObserver): void {
    this.#observers.push(observer);
  }

  /** Sets who is called after each message was applied. */
  onPlayed(observer: PlayedObserver): void {
    this.#onPlayed = observer;
  }

  /** Time for an event between frames: the next whole ms, because the streams already sent everything before it. */
  get nextEventTime(): ServerTime {
    const atMs = Math.floor(this.#playedToMs) + 1;
    return { atMs, ts: atMs + this.#offsetMs };
  }

  /** Sets how far the server's clock runs ahead of ours; stamps of later frames follow it. */
  setOffset(offsetMs: number): void {
    this.#offsetMs = offsetMs;
  }

  /** Plays all due frames. Overlapping calls wait for each other. After a fault every later call fails too, so that it does not look like an ended source. */
  advance(): Promise<void> {
    this.#advancing = this.#advancing.then(() => this.#play());
    return this.#advancing;
  }

  async stop(): Promise<void> {
    this.#ended = true;
    this.#stop.abort();
    await this.#advancing;
    await this.#frames.return?.();
  }

  async #play(): Promise<void> {
    let taken = 0;
    while (!this.#ended) {
      this.#next ??= await this.#read();
      const frame = this.#next;
      if (frame === undefined) break;
      const elapsed = marketTimeOf(frame) - (this.#firstTs ?? 0) + this.#playedMs;
      const atMs = this.#startedMs + elapsed / this.#options.speed;
      const nowMs = this.#options.nowMs();
      if (atMs > nowMs) return this.#passTo(nowMs);
      this.#next = undefined;
      this.#elapsedMs = elapsed;
      this.#tell(atMs, false);
      this.#playedToMs = Math.max(this.#playedToMs, atMs);
      this.#take(frame, atMs);
      taken += 1;
      if (taken % BATCH === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    }
    this.#passTo(this.#options.nowMs());
  }

  #tell(ms: number, isInclusive: boolean): void {
    for (const observer of this.#observers) observer(ms, isInclusive);
  }

  #passTo(nowMs: number): void {
    this.#tell(nowMs, true);
    this.#playedToMs = Math.max(this.#playedToMs, nowMs);
  }

  async #read(): Promise<VenueFrame | undefined> {
    const result = await this.#frames.next();
    if (result.done !== true) {
      this.#firstTs ??= marketTimeOf(result.value);
      return result.value;
    }
    if (this.#options.atEnd === 'hold' || this.#firstTs === undefined) {
      this.#ended = true;
      return undefined;
    }
    this.#playedMs = this.#elapsedMs + PAUSE_MS;
    for (const symbol of this.#symbols.values()) symbol.restart();
    this.#firstTs = undefined;
    this.#frames = this.#open();
    return this.#read();
  }

  #open(): AsyncIterator<VenueFrame> {
    return this.#options.source.frames(this.#stop.signal)[Symbol.asyncIterator]();
  }

  #take(frame: VenueFrame, playedAtMs: number): void {
    const message = frameMessage(frame);
    if (!('symbol' in message)) return;
    const shiftMs = Math.round(playedAtMs - marketTimeOf(frame) + this.#offsetMs);
    this.#symbols.get(message.symbol)?.onMessage(message, shiftMs, playedAtMs);
    this.#onPlayed(message.symbol, message, Math.round(playedAtMs + this.#offsetMs));
  }
}
