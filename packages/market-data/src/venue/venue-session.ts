import { depth } from '@helios/binance/rest/endpoints/depth.ts';
import type { PublicRest } from '@helios/binance/rest/public-rest.ts';
import type { RateGovernor } from '@helios/binance/rest/rate-governor.ts';
import type { RestAnswer, RestFailure } from '@helios/binance/rest/rest-answer.ts';
import type { VenueStatus } from '@helios/shared/domain/venue-status.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { ThrottledLog } from '@helios/shared/runtime/throttled-log.ts';
import { checkClock } from './check-clock.ts';
import { ownJobs } from './own-jobs.ts';
import { type PollJob, PollLoop } from './poll-loop.ts';
import type { VenueClock } from './venue-clock.ts';
import type { VenueState } from './venue-state.ts';
import type { RegisteredSymbol, WatchlistRegistry, WatchlistRegistryOptions } from './watchlist-registry.ts';

const STATUS_CHECK_MS = 1_000;
/** What Redis may have lost is written again after so many checks. */
const KEEP_EVERY = 5;

/** What the session does when the desk tells it something. */
export type RegistryHandlers<S extends RegisteredSymbol> = Pick<WatchlistRegistryOptions<S>, 'onSymbols' | 'onRefused'>;

export interface VenueSessionOptions<S extends RegisteredSymbol> {
  readonly rest: PublicRest;
  readonly governor: RateGovernor;
  readonly clock: VenueClock;
  readonly state: VenueState;
  /** Made once Redis was read, because it goes on from the list of an earlier start; undefined where that was not to be. */
  readonly openRegistry: (handlers: RegistryHandlers<S>) => Promise<WatchlistRegistry<S> | undefined>;
  /** Told what is watched from now on; gives what is asked for while the venue answers. */
  readonly follow: (symbols: readonly S[]) => readonly PollJob[];
  /** The venue answers: for the first time, or again after so many seconds. */
  readonly onAnswering: (awaySec: number | undefined) => void;
  /** Told of the venue's state when it changes; once before it is known, since an earlier start may have left another. */
  readonly writeStatus: (status: VenueStatus) => Promise<unknown>;
  readonly troubles: ThrottledLog;
  readonly log: Logger;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly stop: AbortSignal;
}

/** The venue's REST interface as it is lived with: opened with clock, watchlist and history, asked while it answers, left alone while it does not. */
export class VenueSession<S extends RegisteredSymbol> {
  readonly #options: VenueSessionOptions<S>;
  readonly #loop: PollLoop;
  #registry: WatchlistRegistry<S> | undefined;

  constructor(options: VenueSessionOptions<S>) {
    this.#options = options;
    const { governor, now, wait } = options;
    this.#loop = new PollLoop({ governor, now, wait });
  }

  /** What is watched; undefined before Redis was read. */
  get registry(): WatchlistRegistry<S> | undefined {
    return this.#registry;
  }

  /** Reads what an earlier start left. Resolves to undefined when stopped meanwhile. */
  async open(): Promise<WatchlistRegistry<S> | undefined> {
    this.#registry = await this.#options.openRegistry({
      onSymbols: (symbols) => this.#onSymbols(symbols),
      onRefused: (failure, symbol) => void this.isAnswer(failure, symbol),
    });
    return this.#registry;
  }

  /** Asks and leaves alone by turns. Resolves when stopped; rejects on a fault of ours. */
  async attend(registry: WatchlistRegistry<S>): Promise<void> {
    await Promise.all([this.#askAndRest(registry), this.#keepShown(registry)]);
  }

  /** Writes the venue's state when it changes; both it and the watchlist again where Redis may have lost them. */
  async #keepShown(registry: WatchlistRegistry<S>): Promise<void> {
    const { state, writeStatus, log, wait, stop } = this.#options;
    let written: string | undefined;
    for (let round = 1; !stop.aborted; round += 1) {
      const status = statusOf(state);
      const text = JSON.stringify(status);
      const isDue = round % KEEP_EVERY === 0;
      if (text !== written || isDue) await writeStatus(status);
      written = text;
      if (isDue && (await registry.announceIfLost())) log.warn({}, 'redis had lost the watchlist, it is written again');
      await wait(STATUS_CHECK_MS);
    }
  }

  async #askAndRest(registry: WatchlistRegistry<S>): Promise<void> {
    const { state, governor, wait, stop } = this.#options;
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

  /** Whether an answer has a value; what its failure means for the venue, or for the symbol it was about, is dealt with here. */
  isAnswer<T>(answer: RestAnswer<T>, symbol: S | undefined): answer is Extract<RestAnswer<T>, { kind: 'OK' }> {
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

  /** Asks for the candles of a symbol that are missing. */
  async keepKlines(symbol: S): Promise<void> {
    this.#onOutcome(await this.#registry?.keepKlines(symbol));
  }

  #onSymbols(symbols: readonly S[]): void {
    const { rest, clock, now, follow } = this.#options;
    const own = ownJobs({
      now,
      checkClock: async () => this.#onOutcome(await checkClock(rest, clock)),
      rescanTs: () => this.#registry?.rescanTs ?? now(),
      rescan: async () => this.#onOutcome(await this.#registry?.rescan()),
      includeExposed: async () => this.#onOutcome(await this.#registry?.includeExposed()),
    });
    this.#loop.setJobs([...follow(symbols), ...own]);
  }

  /** Time, watchlist, history: everything that comes before the first book. */
  async #bringUp(registry: WatchlistRegistry<S>): Promise<RestFailure | undefined> {
    const { rest, clock } = this.#options;
    return (await checkClock(rest, clock)) ?? (await registry.bringUpToDate()) ?? (await this.#tryBook(registry));
  }

  /** A venue that tells the time and gives no books is not there. */
  async #tryBook({ symbols: [first] }: WatchlistRegistry<S>): Promise<RestFailure | undefined> {
    if (first === undefined) return undefined;
    const answer = await this.#options.rest.ask(depth, { symbol: first.symbol, limit: 5 });
    return answer.kind === 'FAILURE' && answer.code !== 'REJECTED' ? answer : undefined;
  }

  async #ask(): Promise<void> {
    const { state, stop, now, onAnswering } = this.#options;
    const awaySec = state.cause === undefined ? undefined : Math.round(Math.max(0, now() - state.awaySince) / 1_000);
    state.onAnswer();
    onAnswering(awaySec);
    this.#loop.restart();
    await this.#loop.run(() => stop.aborted || state.cause !== undefined);
  }

  #onFailure(failure: RestFailure): void {
    const { state, log, troubles } = this.#options;
    if (state.onFailure(failure)) {
      const { code, detail, advice } = failure;
      const fields = { code, problem: detail, advice, next_try_sec: Math.ceil(state.waitMs / 1_000) };
      log.warn(fields, 'the venue cannot be asked, no entries are made meanwhile');
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
