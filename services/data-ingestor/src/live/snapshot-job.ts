import { depth } from '@helios/binance/rest/endpoints/depth.ts';
import type { PollJob } from '@helios/market-data/venue/poll-loop.ts';
import type { MarketVenue } from '@helios/market-data/venue/venue-market.ts';
import type { LiveSymbol } from './live-symbol.ts';
import { SnapshotPace } from './snapshot-pace.ts';

/** Number of levels in the recipe of the venue for a local book. */
const LEVELS = 1_000;
const WEIGHT = depth.weight({ symbol: '', limit: LEVELS });
/** Interval of the check of each book. */
const LOOK_MS = 100;
/** Share of the budget reserved for the books of symbols with open positions. */
const KEPT_FOR_EXPOSED = 0.1;

export interface SnapshotJobsOptions {
  readonly venue: Pick<MarketVenue<LiveSymbol>, 'rest' | 'isAnswer' | 'isExposed' | 'publish'>;
  readonly now: () => number;
  /** Receives the text of each snapshot. */
  readonly onBody?: (body: string, symbol: string) => void;
}

/**
 * Creates the jobs that request a snapshot when a book needs one: at the start, and after each gap in its updates. Each symbol
 * has its own job, so a slow answer delays no other book. Snapshots run before klines, those of symbols with a position first.
 */
export function createSnapshotJobs({ venue, now, onBody }: SnapshotJobsOptions) {
  const pace = new SnapshotPace(now);

  async function look(symbol: LiveSymbol): Promise<void> {
    const cause = symbol.snapshotCause;
    if (cause === undefined || !pace.mayAsk(symbol.symbol, cause)) return;
    pace.onAsked(symbol.symbol, cause);
    const params = { symbol: symbol.symbol, limit: LEVELS };
    const answer = await venue.rest.ask(depth, params, (body) => onBody?.(body, symbol.symbol));
    if (!venue.isAnswer(answer, symbol)) {
      pace.onFailure(symbol.symbol);
      return;
    }
    pace.onAnswer(symbol.symbol);
    const events = symbol.onSnapshot(answer.value);
    if (events.length > 0) await venue.publish(events);
  }

  return (symbols: readonly LiveSymbol[]): readonly PollJob[] =>
    symbols.map((symbol) => ({
      name: `snapshot ${symbol.symbol}`,
      get urgency() {
        return venue.isExposed(symbol.symbol) ? 0 : 1;
      },
      weight: WEIGHT,
      get keepFree() {
        return venue.isExposed(symbol.symbol) ? 0 : KEPT_FOR_EXPOSED;
      },
      dueAfter: (begunTs) => (begunTs === undefined ? now() : begunTs + LOOK_MS),
      run: () => look(symbol),
    }));
}
