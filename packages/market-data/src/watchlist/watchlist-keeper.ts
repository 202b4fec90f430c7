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

/** A member before a restart. */
export type RestoredMember = Pick<Watched, 'symbol' | 'sinceTs' | 'score'>;

export interface WatchlistKeeperOptions {
  readonly market: WatchlistMarket;
  /** Symbols with an open position or order. The keeper handles a `BusUnavailable`: it keeps the old list. */
  readonly exposedSymbols: () => Promise<ReadonlySet<string>>;
  readonly params: Settings['trading'];
  readonly clock: Clock;
  /** The list of an earlier start of the same run. */
  readonly restored?: readonly RestoredMember[];
}

/** The result of a scan. */
export interface WatchlistChange {
  /** The new list. */
  readonly list: readonly Watched[];
  /** Symbols that joined the list, and (below) those that left it. */
  readonly joined: readonly string[];
  readonly left: readonly string[];
  /** All other symbols with their codes; empty if no choice was made. */
  readonly rejected: readonly Unwatched[];
  /** Instruments of the symbols on the list, as far as known. */
  readonly instruments: readonly Instrument[];
  /** Why no choice was made; then the list is the old one plus exposed symbols. */
  readonly problem: string | undefined;
}

/** A choice that still needs the exposed symbols; a text explains why there is none. */
type Choose = (held: ReadonlySet<string>) => Selection | string;

/** Minimum share of the symbols of the last answer; a smaller answer counts as incomplete. */
const HALF = 0.5;

/**
 * Keeps the watchlist. It starts with `trading.symbols`, else with the list of an earlier start, else with the default symbols
 * until the first scan succeeds. Calls run one after the other.
 */
export class WatchlistKeeper {
  readonly #options: WatchlistKeeperOptions;
  #list: readonly Watched[];
  /** False while the list consists of default symbols: these have no privileges of members. */
  #isChosen: boolean;
  /** Number of symbols in the last complete answer. */
  #listed = 0;
  /** Instruments of all symbols ever listed: an exposed symbol may be delisted. */
  readonly #instruments = new Map<string, Instrument>();
  #held: ReadonlySet<string> = new Set();
  readonly #inTurn = createSerialQueue();

  constructor(options: WatchlistKeeperOptions) {
    const { params, clock, restored = [] } = options;
    this.#options = options;
    this.#list = firstList(params, restored, clock.now());
    this.#isChosen = restored.length > 0;
  }

  /** The current list. */
  get list(): readonly Watched[] {
    return this.#list;
  }

  /** Symbols with an open position or order, as far as known. */
  get held(): ReadonlySet<string> {
    return this.#held;
  }

  /** Chooses the list again from the listings of the venue. With `trading.symbols` set, the venue receives no further requests. */
  rescan(listings: readonly Listing[]): Promise<WatchlistChange> {
    return this.#inTurn(async () => {
      const choose = await this.#prepare(listings);
      // Read last: measuring takes time, and a position may open meanwhile.
      const held = await this.#readExposed();
      if (typeof held === 'string') return this.#become(this.#list, { problem: held });
      const choice = typeof choose === 'string' ? choose : choose(held);
      if (typeof choice === 'string') return this.#become(this.#withExposed(held), { problem: choice });
      this.#isChosen = true;
      return this.#become(choice.list, { rejected: choice.rejected });
    });
  }

  /** Adds symbols on which a position or order was opened since the scan; removes none. Cheap: call it often. */
  includeExposed(): Promise<WatchlistChange> {
    return this.#inTurn(async () => {
      const held = await this.#readExposed();
      if (typeof held === 'string') return this.#become(this.#list, { problem: held });
      return this.#become(this.#withExposed(held));
    });
  }

  /** Prepares a choice except for the exposed symbols; or explains why there is none. */
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

  /** The tradable symbols of `trading.symbols`, plus all exposed symbols, tradable or not. */
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

  /** True if only exposed symbols would stay: the data of the venue is then not trustworthy. */
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

  /** The list, followed by exposed symbols that it lacks. */
  #withExposed(held: ReadonlySet<string>): readonly Watched[] {
    const { params, clock } = this.#options;
    const missing = [...held].filter((symbol) => !this.#list.some((one) => one.symbol === symbol)).toSorted();
    return [...this.#list, ...missing.map((symbol) => unscored(symbol, 'HELD', clock.now(), params))];
  }

  /** The exposed symbols, or why they cannot be read. */
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
