import type { Listing } from '@helios/core/selection/market-survey.ts';
import { aListing, aSurvey } from '@helios/core/testing/made-market.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeClock } from '@helios/shared/testing/fake-clock.ts';
import { type RestoredMember, WatchlistKeeper } from '../src/watchlist/watchlist-keeper.ts';
import type { SurveyAnswer } from '../src/watchlist/watchlist-market.ts';

/** Time between two scans. */
export const SCAN_MS = 900_000;
/** The coins of the market. */
export const BASES = Array.from({ length: 12 }, (_, i) => `C${String(i).padStart(2, '0')}`);
const ORDERED = { quoteVolume: 0, topDepth: 50_000, spreadBp: 0.5, dayRangePct: 5 };

interface HarnessOptions {
  readonly trading?: Partial<Settings['trading']>;
  readonly restored?: readonly RestoredMember[];
}

/** A market of twelve coins, the first with the largest turnover, and a keeper with three places. */
export function createWatchlistHarness({ trading = {}, restored = [] }: HarnessOptions = {}) {
  const clock = createFakeClock(T0);
  const harness = {
    clock,
    listings: BASES.map((base) => aListing(base)) as readonly Listing[],
    /** Turnover by symbol; a missing symbol has the turnover of its rank. */
    turnover: new Map<string, number>(),
    held: new Set<string>(),
    /** Error that the survey returns, and (below) the error that reading the positions throws. */
    failure: undefined as string | undefined,
    busError: undefined as Error | undefined,
    surveys: 0,
    /** Hook that runs during the kline requests. */
    whileMeasuring: async (): Promise<void> => {},
    measured: [] as (readonly string[])[],
    atrPct: new Map<string, number>(),
  };
  async function survey(listings: readonly Listing[]): Promise<SurveyAnswer> {
    harness.surveys += 1;
    if (harness.failure !== undefined) return { kind: 'FAILED', detail: harness.failure };
    const figuresOf = (symbol: string, place: number) => ({
      ...ORDERED,
      quoteVolume: harness.turnover.get(symbol) ?? 1e9 - place * 5e7,
    });
    return { kind: 'SURVEY', survey: aSurvey(listings, figuresOf, clock.now()) };
  }
  const listings = async () => ({ kind: 'OK', value: harness.listings, tsSent: T0, tsReceived: T0 }) as const;
  const keeper = new WatchlistKeeper({
    market: {
      listings,
      survey,
      async measureVolatility(symbols) {
        harness.measured.push(symbols);
        await harness.whileMeasuring();
        return harness.atrPct;
      },
    },
    async exposedSymbols() {
      if (harness.busError !== undefined) throw harness.busError;
      return harness.held;
    },
    params: defaultSettings({ trading: { watchlist_size: 3, ...trading } }).trading,
    clock,
    restored,
  });
  function setStatus(symbol: string, status: string): void {
    harness.listings = harness.listings.map((one) => (one.symbol === symbol ? { ...one, status } : one));
  }
  return Object.assign(harness, { keeper, setStatus, rescan: () => keeper.rescan(harness.listings) });
}

/** The symbols of a list. */
export const names = (list: readonly { readonly symbol: string }[]): string[] => list.map(({ symbol }) => symbol);
