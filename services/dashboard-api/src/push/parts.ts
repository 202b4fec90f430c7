import type { Api } from '../api.ts';
import { readShownAccount } from '../endpoints/account.ts';
import { readAlerts } from '../endpoints/alerts.ts';
import { readDecisions } from '../endpoints/decisions.ts';
import { readHealth } from '../endpoints/health.ts';
import { readOrders } from '../endpoints/orders.ts';
import { readPerformance } from '../endpoints/performance.ts';
import { readPositions } from '../endpoints/positions.ts';
import { readPrices } from '../endpoints/prices.ts';
import { readState } from '../endpoints/state.ts';

/** One part of the page: the same document that its endpoint returns. */
export interface Part {
  readonly name: string;
  /** Read on every round, or on every fourth. */
  readonly pace: 'fast' | 'slow';
  read(): Promise<object>;
  /**
   * Fields that grow with time alone. If nothing else differs, the document counts as unchanged, and the page counts on
   * by itself.
   */
  readonly growing?: readonly string[];
}

const SHOWN_DECISIONS = 60;
const SHOWN_ALERTS = 40;

/** Everything that is pushed to a page. */
export function pushedParts(api: Api): Part[] {
  return [
    { name: 'state', pace: 'fast', read: () => readState(api), growing: ['clock_ts', 'ts'] },
    { name: 'prices', pace: 'fast', read: () => readPrices(api), growing: ['clock_ts', 'age_ms'] },
    { name: 'positions', pace: 'fast', read: () => readPositions(api), growing: ['clock_ts'] },
    { name: 'orders', pace: 'fast', read: () => readOrders(api), growing: ['clock_ts'] },
    {
      name: 'account',
      pace: 'fast',
      read: () => readShownAccount(api),
      growing: ['clock_ts', 'live_age_ms', 'updated_ts'],
    },
    { name: 'decisions', pace: 'slow', read: () => readDecisions(api, 'signals', SHOWN_DECISIONS) },
    { name: 'refusals', pace: 'slow', read: () => readDecisions(api, 'refusals', SHOWN_DECISIONS) },
    { name: 'performance', pace: 'slow', read: () => readPerformance(api) },
    { name: 'health', pace: 'slow', read: () => readHealth(api) },
    { name: 'alerts', pace: 'slow', read: () => readAlerts(api, SHOWN_ALERTS) },
  ];
}
