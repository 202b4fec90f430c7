import { depth } from '@helios/binance/rest/endpoints/depth.ts';
import { serverTime } from '@helios/binance/rest/endpoints/server-time.ts';
import type { PublicRest } from '@helios/binance/rest/public-rest.ts';
import type { RateGovernor } from '@helios/binance/rest/rate-governor.ts';
import type { RestAnswer, RestFailure } from '@helios/binance/rest/rest-answer.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { FailureLog } from './failure-log.ts';
import type { FallbackFeed } from './fallback-feed.ts';
import type { KlineKeeper } from './kline-keeper.ts';
import { MarketPolls } from './market-polls.ts';
import type { Outlet } from './outlet.ts';
import { ownJobs } from './own-jobs.ts';
import { type PollJob, PollLoop } from './poll-loop.ts';
import type { VenueClock } from './venue-clock.ts';
import type { VenueState } from './venue-state.ts';
import { WatchedSymbol } from './watched-symbol.ts';
import type { ChosenWatchlist, WatchlistSource } from './watchlist-source.ts';

const SILENCE_CHECK_MS = 1_000;
/** After a scan that failed. */
const SOON_MS = 60_000;
/** Symbols whose history is asked for at once. */
const AT_ONCE = 6;

export interface PublicMarketOptions {
  readonly rest: PublicRest;
  readonly governor: RateGovernor;
  readonly clock: VenueClock;
  readonly state: VenueState;
  /** Made once Redis was read: it goes on from the list of an earlier start. */
  readonly openWatchlist: () => Promise<WatchlistSource>;
  readonly klines: KlineKeeper;
  readonly outlet: Outlet;
  readonly bus: Bus<'public-price-ingestor'>;
  readonly fallback: FallbackFeed;
  readonly failures: FailureLog;
  readonly log: Logger;
  /** Repeats a request to Redis until it is taken. */
  readonly patiently: <T>(request: () => Promise<T>) => Promise<T | undefined>;
  /** Symbols that readers follow already, from an earlier start. */
  readonly readAnnounced: () => Promise<readonly string[]>;
  readonly observeAge: (ageMs: number) => void;
  readonly minIntervalMs: number;
  readonly rescanMs: number;
  /** A price from elsewhere stands in for the venue's for so long, ms. */
  readonly fallbackLastsMs: number;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly stop: AbortSignal;
}

/** The venue's public market by polling: opened with its history, polled while the venue answers, left alone while it does not. */
export class PublicMarket {
  readonly #options: PublicMarketOptions;
  readonly #polls: MarketPolls;
  readonly #loop: PollLoop;
  readonly #ownJobs: readonly PollJob[];
  #watchlist: WatchlistSource | undefined;
  #symbols = new Map<string, WatchedSymbol>();
  #chosen: ChosenWatchlist | undefined;
  /** When the watchlist is to be chosen anew, epoch ms. */
  #rescanTs = 0;
  /** Symbols on the watchlist that readers know. */
  #announced: readonly string[] = [];

  constructor(options: PublicMarketOptions) {
    this.#options = options;
    const { rest, governor, clock, outlet, klines, minIntervalMs, now, wait } = options;
    this.#loop = new PollLoop({ governor, now, wait });
    this.#polls = new MarketPolls({
      rest,
      governor,
      minIntervalMs,
      now,
      venueNow: clock.now,
      publish: (events) => outlet.publish(events),
      observeAge: options.observeAge,
      isAnswer: (answer, symbol): answer is Extract<typeof answer, { kind: 'OK' }> => this.#isAnswer(answer, symbol),
      keepCandles: async (symbol) => {
        const failure = await this.#keepCandles(symbol);
        if (failure !== undefined) this.#onFailure(failure);
      },
      candlesAreCurrent: (symbol) => klines.isCurrent(symbol.symbol),
    });
    this.#ownJobs = ownJobs({
      rest,
      clock,
      now,
      onAnswer: (answer) => void this.#isAnswer(answer, undefined),
      rescanTs: () => this.#rescanTs,
      rescan: () => this.#rescan(),
      includeHeld: () => this.#includeHeld(),
    });
  }

  /** Symbols that are watched now. */
  get symbols(): readonly string[] {
    return this.#symbols.size > 0 ? [...this.#symbols.keys()] : this.#announced;
  }

  /** The venue's last mid price of a symbol. */
  lastPrice(symbol: string): number | undefined {
    return this.#symbols.get(symbol)?.mid;
  }

  /** Resolves when stopped; rejects on a fault of ours. */
  async run(): Promise<void> {
    const { patiently, readAnnounced, openWatchlist, fallback } = this.#options;
    this.#announced = (await patiently(readAnnounced)) ?? [];
    const watchlist = await patiently(openWatchlist);
    if (watchlist === undefined) return;
    this.#watchlist = watchlist;
    await Promise.all([this.#attend(watchlist), this.#watchSilence(), fallback.run()]);
  }

  async #attend(watchlist: WatchlistSource): Promise<void> {
    const { state, governor, wait, stop } = this.#options;
    while (!stop.aborted) {
      const failure = await this.#open(watchlist);
      if (stop.aborted) return;
      if (failure === undefined) await this.#poll();
      else await this.#onClosed(failure, watchlist);
      await wait(Math.max(state.waitMs, governor.blockedMs));
    }
  }

  /** Time, watchlist, history: everything that comes before the first book. */
  async #open(watchlist: WatchlistSource): Promise<RestFailure | undefined> {
    const { rest, clock, now } = this.#options;
    const time = await rest.ask(serverTime, undefined);
    if (time.kind === 'FAILURE') return time;
    clock.measure(time);
    const failure = now() < this.#rescanTs ? undefined : await this.#choose(watchlist);
    return failure ?? (await this.#catchUp()) ?? (await this.#tryBook());
  }

  /** A venue that tells the time and gives no books is not there. */
  async #tryBook(): Promise<RestFailure | undefined> {
    const [symbol] = this.#symbols.keys();
    if (symbol === undefined) return undefined;
    const answer = await this.#options.rest.ask(depth, { symbol, limit: 5 });
    return answer.kind === 'FAILURE' && answer.code !== 'REJECTED' ? answer : undefined;
  }

  async #onClosed(failure: RestFailure, watchlist: WatchlistSource): Promise<void> {
    this.#onFailure(failure);
    if (this.#chosen !== undefined) return;
    // The page shows the symbols, and a fallback price has somewhere to go.
    this.#chosen = watchlist.initial();
    await this.#announce();
  }

  async #poll(): Promise<void> {
    const { state, stop, log, now, governor } = this.#options;
    const awaySec = state.cause === undefined ? undefined : Math.round((now() - state.awaySince) / 1_000);
    state.onAnswer();
    const { bookMs, tradesMs } = this.#polls.plan();
    const fields = { symbols: this.symbols, weight_per_minute: governor.budget };
    const pace = { book_interval_ms: Math.round(bookMs), trades_interval_ms: Math.round(tradesMs) };
    if (awaySec === undefined) log.info({ ...fields, ...pace }, 'public market is polled');
    else log.info({ away_sec: awaySec, ...pace }, 'the venue answers again');
    this.#loop.restart();
    await this.#loop.run(() => stop.aborted || state.cause !== undefined);
  }

  async #choose(watchlist: WatchlistSource): Promise<RestFailure | undefined> {
    const { rescanMs, now } = this.#options;
    const chosen = await watchlist.choose();
    if (chosen.kind === 'FAILURE') return chosen;
    this.#rescanTs = now() + (chosen.isMakeshift ? Math.min(SOON_MS, rescanMs) : rescanMs);
    this.#watch(chosen);
    return undefined;
  }

  /** Polls these symbols from now on. Readers hear of them once their candles are there. */
  #watch(chosen: ChosenWatchlist): void {
    const before = this.#symbols;
    this.#chosen = chosen;
    this.#symbols = new Map(chosen.symbols.map((symbol) => [symbol, before.get(symbol) ?? new WatchedSymbol(symbol)]));
    for (const symbol of before.keys()) if (!this.#symbols.has(symbol)) this.#options.klines.forget(symbol);
    this.#loop.setJobs([...this.#polls.jobsOf([...this.#symbols.values()]), ...this.#ownJobs]);
  }

  /** Candles of every symbol up to now, then the watchlist. */
  async #catchUp(): Promise<RestFailure | undefined> {
    const waiting = [...this.#symbols.values()];
    let failure: RestFailure | undefined;
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined && failure === undefined; next = waiting.shift()) {
        failure = (await this.#keepCandles(next)) ?? failure;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    if (failure === undefined) await this.#announce();
    return failure;
  }

  async #keepCandles(symbol: WatchedSymbol): Promise<RestFailure | undefined> {
    const isKnown = this.#announced.includes(symbol.symbol);
    const hearers = symbol.hasForgotten ? 'FORGOTTEN' : isKnown ? 'LISTED' : 'NOBODY';
    const failure = await this.#options.klines.catchUp(symbol.symbol, hearers);
    if (failure === undefined) symbol.hasForgotten = false;
    if (failure?.code !== 'REJECTED') return failure;
    this.#isAnswer(failure, symbol);
    return undefined;
  }

  async #announce(): Promise<void> {
    const { patiently, bus } = this.#options;
    const chosen = this.#chosen;
    if (chosen === undefined) return;
    await patiently(() => bus.write(chosen.write));
    this.#announced = chosen.symbols;
  }

  #isAnswer<T>(answer: RestAnswer<T>, symbol: WatchedSymbol | undefined): boolean {
    const { state, log, stop } = this.#options;
    if (stop.aborted) return false;
    if (answer.kind === 'FAILURE' && (answer.code !== 'REJECTED' || symbol === undefined)) {
      this.#onFailure(answer);
      return false;
    }
    if (state.cause === undefined) state.onAnswer();
    const isRefused = answer.kind === 'FAILURE';
    if (symbol === undefined || isRefused === symbol.isRefused) return !isRefused;
    symbol.isRefused = isRefused;
    if (isRefused) log.warn({ symbol: symbol.symbol, problem: answer.detail }, 'the venue refuses this symbol');
    else log.info({ symbol: symbol.symbol }, 'the venue serves this symbol again');
    return !isRefused;
  }

  #onFailure(failure: RestFailure): void {
    const { state, log, failures } = this.#options;
    if (state.onFailure(failure)) {
      const { code, detail, advice } = failure;
      const fields = { code, problem: detail, advice, next_try_sec: Math.ceil(state.waitMs / 1_000) };
      log.warn(fields, 'the venue cannot be asked, no entries are made meanwhile');
    } else if (state.cause === undefined) failures.onFailure(failure);
  }

  async #watchSilence(): Promise<void> {
    const { outlet, fallback, fallbackLastsMs, now, wait, stop } = this.#options;
    while (!stop.aborted) {
      const breaks = [...this.#symbols.values()].flatMap(
        (symbol) => symbol.onSilence(now(), fallback.heardTs(symbol.symbol), fallbackLastsMs) ?? [],
      );
      if (breaks.length > 0) await outlet.publish(breaks);
      await wait(SILENCE_CHECK_MS);
    }
  }

  async #rescan(): Promise<void> {
    const watchlist = this.#watchlist;
    if (watchlist === undefined) return;
    const failure = (await this.#choose(watchlist)) ?? (await this.#catchUp());
    if (failure === undefined) return;
    this.#rescanTs = Math.max(this.#rescanTs, this.#options.now() + SOON_MS);
    this.#onFailure(failure);
  }

  async #includeHeld(): Promise<void> {
    const chosen = await this.#watchlist?.withHeld();
    if (chosen === undefined) return;
    this.#watch(chosen);
    const failure = await this.#catchUp();
    if (failure !== undefined) this.#onFailure(failure);
  }
}
