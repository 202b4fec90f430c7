import { depth } from '@helios/binance/rest/endpoints/depth.ts';
import type { PublicRest } from '@helios/binance/rest/public-rest.ts';
import type { PollJob } from '@helios/market-data/venue/poll-loop.ts';
import type { VenueSession } from '@helios/market-data/venue/venue-session.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { LiveSymbol } from './live-symbol.ts';
import { SnapshotPace } from './snapshot-pace.ts';

/** As many levels as the venue's recipe for a local book asks for. */
const LEVELS = 1_000;
const WEIGHT = depth.weight({ symbol: '', limit: LEVELS });
/** How often each book is looked at. */
const LOOK_MS = 100;
/** Share of the budget that is left to the books of held symbols. */
const KEPT_FOR_EXPOSED = 0.1;

export interface SnapshotJobsOptions {
  readonly rest: Pick<PublicRest, 'ask'>;
  readonly now: () => number;
  readonly isAnswer: VenueSession<LiveSymbol>['isAnswer'];
  /** A position or an order is open on the symbol. */
  readonly isExposed: (symbol: string) => boolean;
  readonly publish: (events: readonly MarketEvent[]) => Promise<void>;
}

/**
 * Makes the jobs that ask for a snapshot when a book waits for one: at the start, and after each hole in its updates. Each symbol
 * has its own, so that a slow answer delays no other book. They go before candles, those of held symbols first.
 */
export function createSnapshotJobs({ rest, now, isAnswer, isExposed, publish }: SnapshotJobsOptions) {
  const pace = new SnapshotPace(now);

  async function look(symbol: LiveSymbol): Promise<void> {
    const cause = symbol.snapshotCause;
    if (cause === undefined || !pace.mayAsk(symbol.symbol, cause)) return;
    pace.onAsked(symbol.symbol, cause);
    const answer = await rest.ask(depth, { symbol: symbol.symbol, limit: LEVELS });
    if (!isAnswer(answer, symbol)) {
      pace.onFailure(symbol.symbol);
      return;
    }
    pace.onAnswer(symbol.symbol);
    const events = symbol.onSnapshot(answer.value);
    if (events.length > 0) await publish(events);
  }

  return (symbols: readonly LiveSymbol[]): readonly PollJob[] =>
    symbols.map((symbol) => ({
      name: `snapshot ${symbol.symbol}`,
      get urgency() {
        return isExposed(symbol.symbol) ? 0 : 1;
      },
      weight: WEIGHT,
      get keepFree() {
        return isExposed(symbol.symbol) ? 0 : KEPT_FOR_EXPOSED;
      },
      dueAfter: (begunTs) => (begunTs === undefined ? now() : begunTs + LOOK_MS),
      run: () => look(symbol),
    }));
}
