import { AccountFlow, FlowsRead } from '../domain/account-flow.ts';
import { Lease } from '../domain/lease.ts';
import { LiveCounts } from '../domain/live-counts.ts';
import { LiveStatus } from '../domain/live-status.ts';
import { AssessedEntry } from '../domain/order.ts';
import { PositionFunding } from '../domain/position-funding.ts';
import { ProtectionRelease } from '../domain/risk-rule.ts';
import { SymbolTerms } from '../domain/symbol-terms.ts';
import { map, record, stream } from './entry.ts';
import { observers } from './service-groups.ts';
import { UNREAD_KEPT } from './trading.ts';

/** Names in Redis that exist in live trading only. */
export const Live = {
  records: {
    liveStatus: record({
      name: 'live_status',
      schema: LiveStatus,
      ttlSec: 60,
      writers: ['execution-manager'],
      readers: ['signal-engine', 'risk-manager', 'decision-logger', ...observers, 'fleet'],
      about: 'Whether live trading can enter, and why not: user stream, reconciliation, self-test, cover, limits.',
    }),
    entryLease: record({
      name: 'entry_lease',
      schema: Lease,
      writers: ['execution-manager'],
      readers: ['execution-manager', ...observers],
      about: 'Which process may enter on the account; it renews the lease every second. Protection needs no lease.',
    }),
    flowsRead: record({
      name: 'account_flows_read',
      schema: FlowsRead,
      writers: ['execution-manager'],
      readers: ['execution-manager'],
      about: 'Up to when execution-manager has passed on the venue’s income history; a start goes on from there.',
    }),
    protectionRelease: record({
      name: 'protection_release',
      schema: ProtectionRelease,
      writers: ['risk-manager'],
      readers: ['risk-manager', 'dashboard-api'],
      about:
        'When Start last released the locks of the protections in live trading. Earlier trades lock nothing any more.',
    }),
    liveCounts: record({
      name: 'live_counts',
      schema: LiveCounts,
      ttlSec: 60,
      writers: ['decision-logger'],
      readers: [...observers],
      about:
        'Signals, approved entries, fills and answers of live trading since decision-logger started; every five seconds.',
    }),
  },
  maps: {
    positionFunding: map({
      name: 'position_funding',
      field: 'SYMBOL:LONG or SYMBOL:SHORT',
      schema: PositionFunding,
      writers: ['decision-logger'],
      readers: ['dashboard-api'],
      about: 'Funding of each open live position, from the income history of the venue.',
    }),
    symbolTerms: map({
      name: 'symbol_terms',
      field: 'symbol',
      schema: SymbolTerms,
      writers: ['execution-manager'],
      readers: ['risk-manager', 'decision-logger', 'dashboard-api'],
      about: 'Fees, leverage, margin mode and leverage brackets of the live account on each symbol.',
    }),
    pendingEntries: map({
      name: 'pending_entries',
      field: 'signal id',
      schema: AssessedEntry,
      writers: ['risk-manager'],
      readers: ['risk-manager', 'dashboard-api'],
      about:
        'Entries that risk-manager allowed and the account does not show yet. They count as open; a restart neither forgets nor repeats them.',
    }),
  },
  streams: {
    orderIntents: stream({
      name: 'order_intents',
      schema: AssessedEntry,
      trim: 'read',
      maxLength: UNREAD_KEPT,
      writers: ['risk-manager'],
      readers: ['execution-manager', 'decision-logger', 'signal-engine'],
      about:
        'Entries that risk allows in live trading, with their size. Exits need no approval: execution-manager reads signals.',
    }),
    accountFlows: stream({
      name: 'account_flows',
      schema: AccountFlow,
      trim: 'read',
      maxLength: UNREAD_KEPT,
      writers: ['execution-manager'],
      readers: ['decision-logger'],
      about: 'The venue’s income history of the live account: funding, fees, realised PnL, transfers.',
    }),
  },
} as const;
