import { DEFAULT_SYMBOLS } from '@helios/shared/core/selection/default-symbols.ts';
import { explainReason } from '@helios/shared/core/selection/explain.ts';
import type { MarketSurvey } from '@helios/shared/core/selection/market-survey.ts';
import {
  type Selection,
  selectWatchlist,
  type Unwatched,
  type Watched,
} from '@helios/shared/core/selection/select-watchlist.ts';
import { shortlist } from '@helios/shared/core/selection/shortlist.ts';
import type { WatchReason } from '@helios/shared/domain/asset-selection.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { Clock } from '@helios/shared/runtime/clock.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import type { WatchlistMarket } from './watchlist-market.ts';

/** A member as it was before a restart. */
export type RestoredMember = Pick<Watched, 'symbol' | 'sinceTs' | 'score'>;

export interface WatchlistKeeperOptions {
  readonly market: WatchlistMarket;
  /** Symbols with an open position or order. A `BusUnavailable` is waited out. */
  readonly heldSymbols: () => Promise<ReadonlySet<string>>;
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
  /** Everything else the venue lists, with codes; empty where nothing was scanned. */
  readonly rejected: readonly Unwatched[];
  /** Steps of the listed symbols, as far as a scan has shown them. */
  readonly instruments: readonly Instrument[];
  /** Why there was no scan: the list is the old one, with what is held besides. */
  readonly problem: string | undefined;
}

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
  /** Symbols the venue listed in the last good scan. */
  #listed = 0;
  #instruments: ReadonlyMap<string, Instrument> = new Map();
  #last: Promise<unknown> = Promise.resolve();

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

  /** Looks at the market and chooses anew. With `trading.symbols` set the market is not asked. */
  rescan(): Promise<WatchlistChange> {
    return this.#inTurn(() => (this.#options.params.symbols.length > 0 ? this.#keepFixed() : this.#scan()));
  }

  /** Takes symbols onto the list that something was opened on since the scan; nobody leaves. Cheap: call it often. */
  includeHeld(): Promise<WatchlistChange> {
    return this.#inTurn(async () => {
      const held = await this.#readHeld();
      if (typeof held === 'string') return this.#become(this.#list, { problem: held });
      return this.#become(this.#withHeld(held));
    });
  }

  async #keepFixed(): Promise<WatchlistChange> {
    const { symbols } = this.#options.params;
    const held = await this.#readHeld();
    if (typeof held === 'string') return this.#become(this.#list, { problem: held });
    return this.#become(this.#withHeld(held).filter(({ symbol }) => symbols.includes(symbol) || held.has(symbol)));
  }

  async #scan(): Promise<WatchlistChange> {
    const answer = await this.#options.market.survey();
    const held = await this.#readHeld();
    if (typeof held === 'string') return this.#become(this.#list, { problem: held });
    const stay = (problem: string) => this.#become(this.#withHeld(held), { problem });
    if (answer.kind === 'FAILED') return stay(answer.detail);
    const { listings } = answer.survey;
    if (listings.length < this.#listed * HALF) {
      return stay(`the venue lists ${listings.length} symbols, after ${this.#listed} in the last scan`);
    }
    const { list, rejected } = await this.#choose(answer.survey, held);
    const leavesNobody =
      list.every(({ symbol }) => held.has(symbol)) && this.#list.some(({ symbol }) => !held.has(symbol));
    if (leavesNobody) return stay(`none of the ${listings.length} listed symbols may be watched`);
    this.#listed = listings.length;
    this.#instruments = new Map(listings.map(({ symbol, instrument }) => [symbol, instrument]));
    this.#isChosen = true;
    return this.#become(list, { rejected });
  }

  async #choose(survey: MarketSurvey, held: ReadonlySet<string>): Promise<Selection> {
    const { market, params, clock } = this.#options;
    const given = { survey, members: this.#isChosen ? this.#list : [], params, nowMs: clock.now() };
    return selectWatchlist({ ...given, held, atrPct: await market.measureVolatility(shortlist(given)) });
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
  #withHeld(held: ReadonlySet<string>): readonly Watched[] {
    const { params, clock } = this.#options;
    const missing = [...held].filter((symbol) => !this.#list.some((one) => one.symbol === symbol)).toSorted();
    return [...this.#list, ...missing.map((symbol) => unscored(symbol, 'HELD', clock.now(), params))];
  }

  /** What is held, or why it cannot be known. */
  async #readHeld(): Promise<ReadonlySet<string> | string> {
    try {
      return await this.#options.heldSymbols();
    } catch (error) {
      if (!(error instanceof BusUnavailable)) throw error;
      return `positions and orders cannot be read: ${error.message}`;
    }
  }

  #inTurn(work: () => Promise<WatchlistChange>): Promise<WatchlistChange> {
    const turn = this.#last.then(work, work);
    this.#last = turn;
    return turn;
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
