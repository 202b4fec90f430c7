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
/** How often it is looked for books that wait. */
const LOOK_MS = 200;
/** Snapshots under way at once. */
const AT_ONCE = 5;

export interface SnapshotJobOptions {
  readonly rest: PublicRest;
  readonly now: () => number;
  readonly isAnswer: VenueSession<LiveSymbol>['isAnswer'];
  readonly publish: (events: readonly MarketEvent[]) => Promise<void>;
}

/** The job that asks for a snapshot for each book that waits for one: at the start, and after each hole in its updates. */
export function createSnapshotJob({ rest, now, isAnswer, publish }: SnapshotJobOptions) {
  const pace = new SnapshotPace(now);

  async function ask(symbol: LiveSymbol): Promise<void> {
    pace.onAsked(symbol.symbol);
    const answer = await rest.ask(depth, { symbol: symbol.symbol, limit: LEVELS });
    if (!isAnswer(answer, symbol)) return;
    const events = symbol.onSnapshot(answer.value);
    if (events.length > 0) await publish(events);
  }

  return (symbols: readonly LiveSymbol[]): PollJob => ({
    name: 'snapshots',
    urgency: 2,
    weight: WEIGHT,
    keepFree: 0,
    dueAfter: (begunTs) => (begunTs === undefined ? now() : begunTs + LOOK_MS),
    run: async () => {
      const waiting = symbols.filter((one) => one.needsSnapshot && pace.mayAsk(one.symbol));
      await Promise.all(waiting.slice(0, AT_ONCE).map(ask));
    },
  });
}
