import { DEFAULT_SYMBOLS } from '@helios/core/selection/default-symbols.ts';
import { namedIneligibility } from '@helios/core/selection/eligibility.ts';
import { explainReason } from '@helios/core/selection/explain.ts';
import type { Listing } from '@helios/core/selection/market-survey.ts';
import {
  type Selection,
  selectWatchlist,
  type Unwatched,
  type Watched,
} from '@helios/core/selection/select-watchlist.ts';
import { shortlist } from '@helios/core/selection/shortlist.ts';
import type { WatchReason } from '@helios/shared/domain/asset-selection.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { Clock } from '@helios/shared/runtime/clock.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { createSerialQueue } from '@helios/shared/runtime/serial-queue.ts';
import type { WatchlistMarket } from './watchlist-market.ts';

/** A member as it was before a restart. */
export type RestoredMember = Pick<Watched, 'symbol' | 'sinceTs' | 'score'>;

export interface WatchlistKeeperOptions {
  readonly market: WatchlistMarket;
  /** Symbols with an open position or order. A `BusUnavailable` is waited out. */
  readonly exposedSymbols: () => Promise<ReadonlySet<string>>;
  readonly params: Settings['trading'];
  readonly clock: Clock;
  /** The list of an earlier start of the same run. */
  readonly restored?: readonly RestoredMember[];
}

/** What a scan came to. */
export interface WatchlistChange {
  /** The list from now on. */
  readonly list: readonly Watched[];
  /** Symbols that were not on the list before, and those that were. */
  readonly joined: readonly string[];
  readonly left: readonly string[];
  /** Everything else that might have been on the list, with codes; empty where nothing was chosen. */
  readonly rejected: readonly Unwatched[];
  /** Steps of the symbols on the list, as far as the venue has told them. */
  readonly instruments: readonly Instrument[];
  /** Why nothing was chosen: the list is the old one, with what is held besides. */
  readonly problem: string | undefined;
}

/** A choice that waits for what is held; a text is why there is none. */
type Choose = (held: ReadonlySet<string>) => Selection | string;

/** An answer that lists less than this share of the last one is half an answer. */
const HALF = 0.5;

/**
 * Keeps the watchlist. Begins with `trading.symbols`, else with the list of an earlier start, else with the default
 * symbols until a first scan has succeeded. Calls are carried out one after the other.
 */
export class WatchlistKeeper {
  readonly #options: WatchlistKeeperOptions;
  #list: readonly Watched[];
  /** False while the list is the default symbols: those have no rights of members. */
  #isChosen: boolean;
  /** Symbols in the last answer that was not half an answer. */
  #listed = 0;
  /** Of everything ever listed: what is held may be delisted. */
  readonly #instruments = new Map<string, Instrument>();
  #held: ReadonlySet<string> = new Set();
  readonly #inTurn = createSerialQueue();

  constructor(options: WatchlistKeeperOptions) {
    const { params, clock, restored = [] } = options;
    this.#options = options;
    this.#list = firstList(params, restored, clock.now());
    this.#isChosen = restored.length > 0;
  }

  /** The list as it is now. */
  get list(): readonly Watched[] {
    return this.#list;
  }

  /** Symbols with an open position or order, as far as it is known. */
  get held(): ReadonlySet<string> {
    return this.#held;
  }

  /** Chooses anew from what the venue lists. With `trading.symbols` set it is not asked for more. */
  rescan(listings: readonly Listing[]): Promise<WatchlistChange> {
    return this.#inTurn(async () => {
      const choose = await this.#prepare(listings);
      // Read last: measuring takes its time, and something may be opened meanwhile.
      const held = await this.#readExposed();
      if (typeof held === 'string') return this.#become(this.#list, { problem: held });
      const choice = typeof choose === 'string' ? choose : choose(held);
      if (typeof choice === 'string') return this.#become(this.#withExposed(held), { problem: choice });
      this.#isChosen = true;
      return this.#become(choice.list, { rejected: choice.rejected });
    });
  }

  /** Takes symbols onto the list that something was opened on since the scan; nobody leaves. Cheap: call it often. */
  includeExposed(): Promise<WatchlistChange> {
    return this.#inTurn(async () => {
      const held = await this.#readExposed();
      if (typeof held === 'string') return this.#become(this.#list, { problem: held });
      return this.#become(this.#withExposed(held));
    });
  }

  /** Everything that a choice needs but what is held; or why there can be none. */
  async #prepare(listings: readonly Listing[]): Promise<Choose | string> {
    if (listings.length < this.#listed * HALF) {
      return `the venue lists ${listings.length} symbols, after ${this.#listed} in the last scan`;
    }
    this.#listed = listings.length;
    for (const { symbol, instrument } of listings) this.#instruments.set(symbol, instrument);
    const { market, params, clock } = this.#options;
    if (params.symbols.length > 0) return (held) => this.#named(listings, held);
    const answer = await market.survey(listings);
    if (answer.kind === 'FAILED') return answer.detail;
    const given = { survey: answer.survey, members: this.#isChosen ? this.#list : [], params, nowMs: clock.now() };
    const atrPct = await market.measureVolatility(shortlist(given));
    return (held) => {
      const selection = selectWatchlist({ ...given, held, atrPct });
      return this.#wouldEmpty(selection, held)
        ? `none of the ${listings.length} listed symbols may be watched`
        : selection;
    };
  }

  /** Of `trading.symbols` those that are traded, and what is held, traded or not. */
  #named(listings: readonly Listing[], held: ReadonlySet<string>): Selection | string {
    const { params, clock } = this.#options;
    const nowMs = clock.now();
    const listed = new Map(listings.map((one) => [one.symbol, one]));
    const rejected = params.symbols.flatMap((symbol): Unwatched[] => {
      const rejection = held.has(symbol) ? undefined : namedIneligibility(listed.get(symbol), params, nowMs);
      if (rejection === undefined) return [];
      const explanation = `${symbol}: ${rejection.detail}.`;
      return [{ symbol, code: rejection.code, score: undefined, parts: undefined, explanation }];
    });
    const since = new Map(this.#list.map(({ symbol, sinceTs }) => [symbol, sinceTs]));
    const watched = (symbol: string, reason: WatchReason) =>
      unscored(symbol, reason, since.get(symbol) ?? nowMs, params);
    const named = params.symbols.filter((symbol) => !rejected.some((one) => one.symbol === symbol));
    const besides = [...held].filter((symbol) => !named.includes(symbol)).toSorted();
    const list = [...named.map((one) => watched(one, 'FIXED')), ...besides.map((one) => watched(one, 'HELD'))];
    if (!this.#wouldEmpty({ list }, held)) return { list, rejected };
    return `the venue trades none of trading.symbols: ${rejected.map(({ explanation }) => explanation).join(' ')}`;
  }

  /** Nobody would be left but what is held: the venue is not there to be judged by. */
  #wouldEmpty({ list }: Pick<Selection, 'list'>, held: ReadonlySet<string>): boolean {
    return list.every(({ symbol }) => held.has(symbol)) && this.#list.some(({ symbol }) => !held.has(symbol));
  }

  #become(list: readonly Watched[], more: Partial<WatchlistChange> = {}): WatchlistChange {
    const before = new Set(this.#list.map(({ symbol }) => symbol));
    const after = new Set(list.map(({ symbol }) => symbol));
    this.#list = list;
    return {
      list,
      joined: [...after].filter((symbol) => !before.has(symbol)),
      left: [...before].filter((symbol) => !after.has(symbol)),
      rejected: [],
      instruments: [...after].flatMap((symbol) => this.#instruments.get(symbol) ?? []),
      problem: undefined,
      ...more,
    };
  }

  /** The list with the held symbols it lacks behind it. */
  #withExposed(held: ReadonlySet<string>): readonly Watched[] {
    const { params, clock } = this.#options;
    const missing = [...held].filter((symbol) => !this.#list.some((one) => one.symbol === symbol)).toSorted();
    return [...this.#list, ...missing.map((symbol) => unscored(symbol, 'HELD', clock.now(), params))];
  }

  /** What is held, or why it cannot be known. */
  async #readExposed(): Promise<ReadonlySet<string> | string> {
    try {
      this.#held = await this.#options.exposedSymbols();
      return this.#held;
    } catch (error) {
      if (!(error instanceof BusUnavailable)) throw error;
      return `positions and orders cannot be read: ${error.message}`;
    }
  }
}

function firstList(
  params: Settings['trading'],
  restored: readonly RestoredMember[],
  nowMs: number,
): readonly Watched[] {
  if (params.symbols.length > 0) return params.symbols.map((symbol) => unscored(symbol, 'FIXED', nowMs, params));
  if (restored.length === 0) return DEFAULT_SYMBOLS.map((symbol) => unscored(symbol, 'START', nowMs, params));
  return restored.map(({ symbol, sinceTs, score }) => ({ ...unscored(symbol, 'UNJUDGED', sinceTs, params), score }));
}

function unscored(symbol: string, reason: WatchReason, sinceTs: number, params: Settings['trading']): Watched {
  const explanation = `${symbol}: ${explainReason(reason, params)}.`;
  return { symbol, sinceTs, reason, score: undefined, parts: undefined, explanation };
}
