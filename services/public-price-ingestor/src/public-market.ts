import { depth } from '@helios/binance/rest/endpoints/depth.ts';
import type { PublicRest } from '@helios/binance/rest/public-rest.ts';
import type { RateGovernor } from '@helios/binance/rest/rate-governor.ts';
import type { RestAnswer, RestFailure } from '@helios/binance/rest/rest-answer.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { checkClock } from './check-clock.ts';
import type { FallbackFeed } from './fallback-feed.ts';
import type { KlineKeeper } from './kline-keeper.ts';
import { MarketPolls } from './market-polls.ts';
import type { Outlet } from './outlet.ts';
import { ownJobs } from './own-jobs.ts';
import { PollLoop } from './poll-loop.ts';
import type { TroubleLog } from './trouble-log.ts';
import type { VenueClock } from './venue-clock.ts';
import type { VenueState } from './venue-state.ts';
import type { WatchDesk, WatchDeskOptions } from './watch-desk.ts';
import type { WatchedSymbol } from './watched-symbol.ts';

const SILENCE_CHECK_MS = 1_000;

/** What the market does when the desk tells it something. */
export type DeskEars = Pick<WatchDeskOptions, 'onSymbols' | 'onRefused' | 'onDropped'>;

export interface PublicMarketOptions {
  readonly rest: PublicRest;
  readonly governor: RateGovernor;
  readonly clock: VenueClock;
  readonly state: VenueState;
  /** Made once Redis was read, because it goes on from the list of an earlier start; undefined where that was not to be. */
  readonly openDesk: (ears: DeskEars) => Promise<WatchDesk | undefined>;
  readonly klines: KlineKeeper;
  readonly outlet: Outlet;
  readonly fallback: FallbackFeed;
  readonly troubles: TroubleLog;
  readonly log: Logger;
  readonly observeAge: (ageMs: number) => void;
  readonly minIntervalMs: number;
  /** A price from elsewhere stands in for the venue's until it is so old, ms. */
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
  #desk: WatchDesk | undefined;

  constructor(options: PublicMarketOptions) {
    this.#options = options;
    const { rest, governor, clock, outlet, klines, minIntervalMs, now, wait } = options;
    this.#loop = new PollLoop({ governor, now, wait });
    this.#polls = new MarketPolls({
      rest,
      governor,
      minIntervalMs,
      now,
      moment: clock.moment,
      publish: (events: readonly MarketEvent[]) => outlet.publish(events),
      observeAge: options.observeAge,
      isAnswer: (answer, symbol): answer is Extract<typeof answer, { kind: 'OK' }> => this.#isAnswer(answer, symbol),
      keepCandles: async (symbol) => this.#onOutcome(await this.#desk?.keepCandles(symbol)),
      candlesAreCurrent: (symbol) => klines.isCurrent(symbol.symbol),
    });
  }

  /** Symbols that are watched now. */
  get symbols(): readonly string[] {
    return this.#desk?.names ?? [];
  }

  /** The venue's last mid price of a symbol. */
  lastPrice(symbol: string): number | undefined {
    return this.#desk?.find(symbol)?.mid;
  }

  /** Resolves when stopped; rejects on a fault of ours. */
  async run(): Promise<void> {
    const { openDesk, fallback, troubles } = this.#options;
    const desk = await openDesk({
      onSymbols: (symbols) => this.#onSymbols(symbols),
      onRefused: (failure, symbol) => void this.#isAnswer(failure, symbol),
      onDropped: (dropped) => troubles.tell(`${dropped.what} ${dropped.reason}`, dropped, 'market data was dropped'),
    });
    if (desk === undefined) return;
    this.#desk = desk;
    await Promise.all([this.#attend(desk), this.#watchSilence(desk), fallback.run()]);
  }

  #onSymbols(symbols: readonly WatchedSymbol[]): void {
    const { rest, clock, now } = this.#options;
    const own = ownJobs({
      now,
      checkClock: async () => this.#onOutcome(await checkClock(rest, clock)),
      rescanTs: () => this.#desk?.rescanTs ?? now(),
      rescan: async () => this.#onOutcome(await this.#desk?.rescan()),
      includeHeld: async () => this.#onOutcome(await this.#desk?.includeHeld()),
    });
    this.#loop.setJobs([...this.#polls.jobsOf(symbols), ...own]);
  }

  async #attend(desk: WatchDesk): Promise<void> {
    const { state, governor, wait, stop } = this.#options;
    while (!stop.aborted) {
      const failure = await this.#open(desk);
      if (stop.aborted) return;
      if (failure === undefined) {
        await this.#poll();
      } else {
        this.#onFailure(failure);
        await desk.showInitial();
      }
      await wait(Math.max(state.waitMs, governor.blockedMs));
    }
  }

  /** Time, watchlist, history: everything that comes before the first book. */
  async #open(desk: WatchDesk): Promise<RestFailure | undefined> {
    const { rest, clock } = this.#options;
    return (await checkClock(rest, clock)) ?? (await desk.bringUpToDate()) ?? (await this.#tryBook(desk));
  }

  /** A venue that tells the time and gives no books is not there. */
  async #tryBook({ symbols: [first] }: WatchDesk): Promise<RestFailure | undefined> {
    if (first === undefined) return undefined;
    const answer = await this.#options.rest.ask(depth, { symbol: first.symbol, limit: 5 });
    return answer.kind === 'FAILURE' && answer.code !== 'REJECTED' ? answer : undefined;
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
    const { state, log, troubles } = this.#options;
    if (state.onFailure(failure)) {
      const { code, detail, advice } = failure;
      const fields = { code, problem: detail, advice, next_try_sec: Math.ceil(state.waitMs / 1_000) };
      log.warn(fields, 'the venue cannot be asked, no entries are made meanwhile');
    } else if (state.cause === undefined) {
      troubles.tell(failure.code, { code: failure.code, problem: failure.detail }, 'a request failed');
    }
  }

  #onOutcome(failure: RestFailure | undefined): void {
    if (failure !== undefined) this.#onFailure(failure);
  }

  async #watchSilence(desk: WatchDesk): Promise<void> {
    const { outlet, fallback, fallbackLastsMs, now, wait, stop } = this.#options;
    while (!stop.aborted) {
      const breaks = desk.symbols.flatMap(
        (symbol) => symbol.onSilence(now(), fallback.priceTs(symbol.symbol), fallbackLastsMs) ?? [],
      );
      if (breaks.length > 0) await outlet.publish(breaks);
      await wait(SILENCE_CHECK_MS);
    }
  }
}
