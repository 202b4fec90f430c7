import { depth } from '@helios/binance/rest/endpoints/depth.ts';
import type { PublicRest } from '@helios/binance/rest/public-rest.ts';
import type { RateGovernor } from '@helios/binance/rest/rate-governor.ts';
import type { RestAnswer, RestFailure } from '@helios/binance/rest/rest-answer.ts';
import type { MarketBreak, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { VenueStatus } from '@helios/shared/domain/venue-status.ts';
import type { ThrottledLog } from '@helios/shared/runtime/throttled-log.ts';
import type { Ingestor } from '../publish/publisher.ts';
import type { OpenWatchlist } from '../watchlist/open-watchlist.ts';
import { checkClock } from './check-clock.ts';
import { klineJobs } from './kline-jobs.ts';
import { ownJobs } from './own-jobs.ts';
import { type PollJob, PollLoop } from './poll-loop.ts';
import type { VenueClock } from './venue-clock.ts';
import { createVenueParts, type VenueDependencies, type VenueParts } from './venue-parts.ts';
import type { VenueState } from './venue-state.ts';
import { type RegisteredSymbol, WatchlistRegistry } from './watchlist-registry.ts';

const STATUS_CHECK_MS = 1_000;
const SILENCE_CHECK_MS = 1_000;
/** Number of checks between rewrites of state that Redis may have lost. */
const KEEP_EVERY = 5;

/** Delivers books and trades of the watched symbols, by polling or streams. */
export interface VenueSource<S extends RegisteredSymbol> {
  /** Starts to watch a symbol. */
  watch(symbol: string): S;
  /** Replaces the followed symbols. Returns the requests to repeat while the venue answers. */
  follow(symbols: readonly S[]): readonly PollJob[];
  /** Runs each second for each symbol. Returns the breaks to publish. */
  onSilence(symbol: S): readonly MarketBreak[];
  /** Called when the venue answers: for the first time, or again after `awaySec` seconds. */
  onAnswering(awaySec: number | undefined): void;
  /** The source's own work. Resolves when stopped; rejects on a bug of ours. */
  run(): Promise<void>;
}

/** Parts of the market that a source may use. */
export type MarketVenue<S extends RegisteredSymbol> = Pick<
  VenueMarket<never, S>,
  'rest' | 'governor' | 'clock' | 'state' | 'troubles' | 'publish' | 'isAnswer' | 'names' | 'find' | 'isExposed'
>;

/**
 * One market at the venue. REST delivers clock, watchlist, history and klines; the source delivers books and trades. While the
 * venue does not answer, requests become rarer.
 */
export class VenueMarket<P extends Ingestor, S extends RegisteredSymbol> {
  readonly rest: PublicRest;
  readonly governor: RateGovernor;
  readonly clock: VenueClock;
  readonly state: VenueState;
  readonly troubles: ThrottledLog;
  readonly #dependencies: VenueDependencies<P>;
  readonly #parts: VenueParts<P>;
  readonly #source: VenueSource<S>;
  readonly #loop: PollLoop;
  #registry: WatchlistRegistry<S> | undefined;

  constructor(dependencies: VenueDependencies<P>, createSource: (venue: MarketVenue<S>) => VenueSource<S>) {
    const { now, wait } = dependencies;
    this.#dependencies = dependencies;
    this.#parts = createVenueParts(dependencies);
    const { rest, governor, clock, state, troubles } = this.#parts;
    [this.rest, this.governor, this.clock, this.state, this.troubles] = [rest, governor, clock, state, troubles];
    this.#loop = new PollLoop({ governor, now, wait });
    this.#source = createSource(this);
  }

  /** Watched symbols, or those that an earlier start announced; empty before Redis is read. */
  get names(): readonly string[] {
    return this.#registry?.names ?? [];
  }

  /** The watched symbol with this name. */
  find(symbol: string): S | undefined {
    return this.#registry?.find(symbol);
  }

  /** True if the symbol had an open position or order at the last check. */
  isExposed(symbol: string): boolean {
    return this.#registry?.isExposed(symbol) ?? false;
  }

  /** Resolves when these events were written or dropped; rejects only on a bug of ours. */
  publish(events: readonly MarketEvent[]): Promise<void> {
    return this.#parts.publishQueue.publish(events);
  }

  /** Resolves when stopped; rejects on a bug of ours. */
  async run(): Promise<void> {
    const opened = await this.#parts.openWatchlist();
    if (opened === undefined) return;
    const registry = this.#openRegistry(opened);
    this.#registry = registry;
    await Promise.all([
      this.#askAndRest(registry),
      this.#keepShown(registry),
      this.#watchSilence(registry),
      this.#source.run(),
    ]);
  }

  #openRegistry(opened: OpenWatchlist): WatchlistRegistry<S> {
    const { settings, now } = this.#dependencies;
    const { klines, writeWatchlist, isListed } = this.#parts;
    return new WatchlistRegistry({
      ...opened,
      klines,
      write: writeWatchlist,
      isListed,
      rescanMs: settings.trading.rescan_interval_sec * 1_000,
      now,
      watch: (symbol) => this.#source.watch(symbol),
      onSymbols: (symbols) => this.#onSymbols(symbols),
      onRefused: (failure, symbol) => void this.isAnswer(failure, symbol),
    });
  }

  async #watchSilence(registry: WatchlistRegistry<S>): Promise<void> {
    const { wait, stop } = this.#dependencies;
    while (!stop.aborted) {
      const breaks = registry.symbols.flatMap((symbol) => this.#source.onSilence(symbol));
      if (breaks.length > 0) await this.publish(breaks);
      await wait(SILENCE_CHECK_MS);
    }
  }

  /** Writes the state of the venue when it changes; writes state and watchlist again if Redis may have lost them. */
  async #keepShown(registry: WatchlistRegistry<S>): Promise<void> {
    const { log, wait, stop } = this.#dependencies;
    const { writeStatus } = this.#parts;
    let written: string | undefined;
    for (let round = 1; !stop.aborted; round += 1) {
      const status = statusOf(this.state);
      const text = JSON.stringify(status);
      const isDue = round % KEEP_EVERY === 0;
      if (text !== written || isDue) await writeStatus(status);
      written = text;
      if (isDue && (await registry.announceIfLost())) log.warn({}, 'redis had lost the watchlist, it is written again');
      await wait(STATUS_CHECK_MS);
    }
  }

  async #askAndRest(registry: WatchlistRegistry<S>): Promise<void> {
    const { state, governor } = this;
    const { wait, stop } = this.#dependencies;
    while (!stop.aborted) {
      const failure = await this.#bringUp(registry);
      if (stop.aborted) return;
      if (failure === undefined) {
        await this.#ask();
      } else {
        this.#onFailure(failure);
        await registry.showInitial();
      }
      await wait(Math.max(state.waitMs, governor.blockedMs));
    }
  }

  /** True if the answer has a value. Otherwise handles the failure, for the venue or for the symbol. */
  isAnswer<T>(answer: RestAnswer<T>, symbol: S | undefined): answer is Extract<RestAnswer<T>, { kind: 'OK' }> {
    const { state } = this;
    const { log, stop } = this.#dependencies;
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

  #onSymbols(symbols: readonly S[]): void {
    const { rest, clock } = this;
    const { now } = this.#dependencies;
    const own = ownJobs({
      now,
      checkClock: async () => this.#onOutcome(await checkClock(rest, clock)),
      rescanTs: () => this.#registry?.rescanTs ?? now(),
      rescan: async () => this.#onOutcome(await this.#registry?.rescan()),
      includeExposed: async () => this.#onOutcome(await this.#registry?.includeExposed()),
    });
    const klines = klineJobs(symbols, {
      klines: this.#parts.klines,
      clockReading: clock.clockReading,
      keepKlines: async (symbol) => this.#onOutcome(await this.#registry?.keepKlines(symbol)),
    });
    this.#loop.setJobs([...this.#source.follow(symbols), ...klines, ...own]);
  }

  /** Loads everything that is needed before the first book: time, watchlist, history. */
  async #bringUp(registry: WatchlistRegistry<S>): Promise<RestFailure | undefined> {
    return (
      (await checkClock(this.rest, this.clock)) ?? (await registry.bringUpToDate()) ?? (await this.#tryBook(registry))
    );
  }

  /** Requests one book: a venue that sends the time but no books counts as away. */
  async #tryBook({ symbols: [first] }: WatchlistRegistry<S>): Promise<RestFailure | undefined> {
    if (first === undefined) return undefined;
    const answer = await this.rest.ask(depth, { symbol: first.symbol, limit: 5 });
    return answer.kind === 'FAILURE' && answer.code !== 'REJECTED' ? answer : undefined;
  }

  async #ask(): Promise<void> {
    const { state } = this;
    const { stop, now } = this.#dependencies;
    const awaySec = state.cause === undefined ? undefined : Math.round(Math.max(0, now() - state.awaySince) / 1_000);
    state.onAnswer();
    this.#source.onAnswering(awaySec);
    this.#loop.restart();
    await this.#loop.run(() => stop.aborted || state.cause !== undefined);
  }

  #onFailure(failure: RestFailure): void {
    const { state, troubles } = this;
    const { log } = this.#dependencies;
    if (state.onFailure(failure)) {
      const { code, detail, advice } = failure;
      const fields = { code, problem: detail, advice, next_try_sec: Math.ceil(state.waitMs / 1_000) };
      log.warn(fields, 'the venue does not answer, no entries meanwhile');
    } else if (state.cause === undefined) {
      troubles.warn(failure.code, { code: failure.code, problem: failure.detail }, 'a request failed');
    }
  }

  #onOutcome(failure: RestFailure | undefined): void {
    if (failure !== undefined) this.#onFailure(failure);
  }
}

function statusOf({ cause, awaySince }: VenueState): VenueStatus {
  if (cause === undefined) return { state: 'ANSWERING' };
  return { state: cause.code, problem: cause.detail, advice: cause.advice, away_since_ts: awaySince };
}
