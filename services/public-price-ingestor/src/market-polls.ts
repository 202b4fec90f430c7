import { depth } from '@helios/binance/rest/endpoints/depth.ts';
import { premiumIndex } from '@helios/binance/rest/endpoints/premium-index.ts';
import { trades } from '@helios/binance/rest/endpoints/trades.ts';
import { REFUSED_MS } from '@helios/market-data/venue/kline-jobs.ts';
import type { PollJob } from '@helios/market-data/venue/poll-loop.ts';
import type { MarketVenue } from '@helios/market-data/venue/venue-market.ts';
import { MARKS_AT_ONCE_FROM, type PollPlan, planPolls } from './poll-plan.ts';
import type { WatchedSymbol } from './watched-symbol.ts';

/** Maximum age of a plan. */
const PLAN_LASTS_MS = 1_000;
/** Share of the budget for planned requests. The rest is for repeated kline requests and new symbols. */
const PLANNED_SHARE = 0.94;
const LEVELS = 20;
/** Trades per request; the weight does not depend on the number. */
const TRADES = 1_000;

export interface PollsOptions {
  readonly venue: Pick<MarketVenue<WatchedSymbol>, 'rest' | 'governor' | 'clock' | 'isAnswer' | 'publish'>;
  readonly minIntervalMs: number;
  readonly now: () => number;
  /** Takes the age of each book at its publication, ms. */
  readonly observeAge: (ageMs: number) => void;
}

/** The polling jobs of a watchlist: books, trades and mark prices of each symbol, as often as the budget allows. */
export class MarketPolls {
  readonly #options: PollsOptions;
  #symbols: readonly WatchedSymbol[] = [];
  #plan: PollPlan | undefined;
  #planTs = Number.NEGATIVE_INFINITY;

  constructor(options: PollsOptions) {
    this.#options = options;
  }

  jobsOf(symbols: readonly WatchedSymbol[]): readonly PollJob[] {
    this.#symbols = symbols;
    this.#planTs = Number.NEGATIVE_INFINITY;
    return [
      ...symbols.flatMap((symbol, i) => [this.#books(symbol, i), this.#trades(symbol, i)]),
      ...(symbols.length > 0 ? [this.#marks()] : []),
    ];
  }

  /** The present plan, by the remaining budget of the minute. */
  plan(): PollPlan {
    const { venue, minIntervalMs, now } = this.#options;
    const { governor } = venue;
    if (this.#plan !== undefined && Math.abs(now() - this.#planTs) < PLAN_LASTS_MS) return this.#plan;
    const weightPerMinute = PLANNED_SHARE * Math.min(governor.pacePerMinute, governor.budget);
    this.#plan = planPolls({ symbols: this.#symbols.length, weightPerMinute, minIntervalMs });
    this.#planTs = now();
    return this.#plan;
  }

  #books(symbol: WatchedSymbol, i: number): PollJob {
    const { venue, now, observeAge } = this.#options;
    return {
      name: `book ${symbol.symbol}`,
      urgency: 2,
      weight: 2,
      keepFree: 0.05,
      dueAfter: (begunTs) => this.#due(symbol, begunTs, this.plan().bookMs, i),
      run: async () => {
        const answer = await venue.rest.ask(depth, { symbol: symbol.symbol, limit: LEVELS });
        if (!venue.isAnswer(answer, symbol)) return;
        const book = symbol.onBook(answer.value, venue.clock.clockReading());
        if (book === undefined) return;
        await venue.publish([book]);
        observeAge(now() - book.ts_event);
      },
    };
  }

  #trades(symbol: WatchedSymbol, i: number): PollJob {
    const { venue } = this.#options;
    return {
      name: `trades ${symbol.symbol}`,
      urgency: 3,
      weight: 5,
      keepFree: 0.1,
      dueAfter: (begunTs) => this.#due(symbol, begunTs, this.plan().tradesMs, i),
      run: async () => {
        const answer = await venue.rest.ask(trades, { symbol: symbol.symbol, limit: TRADES });
        if (!venue.isAnswer(answer, symbol)) return;
        const events = symbol.onTrades(answer.value, venue.clock.clockReading());
        if (events.length > 0) await venue.publish(events);
      },
    };
  }

  #marks(): PollJob {
    const symbols = this.#symbols;
    const { now } = this.#options;
    return {
      name: 'marks',
      urgency: 3,
      weight: symbols.length < MARKS_AT_ONCE_FROM ? symbols.length : 10,
      keepFree: 0.1,
      dueAfter: (begunTs) => (begunTs === undefined ? now() : begunTs + this.plan().marksMs),
      run: async () => {
        if (symbols.length >= MARKS_AT_ONCE_FROM) await this.#askMarks(symbols, undefined);
        else await Promise.all(symbols.map((one) => this.#askMarks([one], one)));
      },
    };
  }

  async #askMarks(symbols: readonly WatchedSymbol[], only: WatchedSymbol | undefined): Promise<void> {
    const { venue } = this.#options;
    if (only?.isRefused) return;
    const answer = await venue.rest.ask(premiumIndex, only === undefined ? {} : { symbol: only.symbol });
    if (!venue.isAnswer(answer, only)) return;
    const rows = new Map(answer.value.map((row) => [row.symbol, row]));
    const events = symbols.flatMap((symbol) => {
      const row = rows.get(symbol.symbol);
      return (row && symbol.onMark(row, venue.clock.clockReading())) ?? [];
    });
    if (events.length > 0) await venue.publish(events);
  }

  /** The first polls are spread over the interval; later ones follow one interval after the last. */
  #due(symbol: WatchedSymbol, begunTs: number | undefined, intervalMs: number, i: number): number {
    if (begunTs === undefined) return this.#options.now() + (intervalMs * i) / Math.max(1, this.#symbols.length);
    return begunTs + (symbol.isRefused ? REFUSED_MS : intervalMs);
  }
}
