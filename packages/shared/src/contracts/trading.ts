import { Account } from '../domain/account.ts';
import { AccountResetCommand, AccountResetResult } from '../domain/account-reset.ts';
import { Decision, RefusalReport } from '../domain/decision.ts';
import { Execution } from '../domain/execution.ts';
import { KnownLedger, LedgerTrouble } from '../domain/known-ledger.ts';
import { ClosedTrade, LastEntry, OpenOrder, OpenPosition, PositionUpdate, TrailingState } from '../domain/position.ts';
import { ExternalSignal, SentSignal, TradingSignal } from '../domain/signal.ts';
import { LedgerProjection, PerformanceSummary } from '../domain/statistics.ts';
import { ReasonMoves } from '../domain/strategy-status.ts';
import { channel, list, map, record, stream } from './entry.ts';
import { ingestors, observers } from './service-groups.ts';

/**
 * Enough for hours of a reader's absence under heavy load. Two streams of this length fit into the memory limit that compose sets
 * for Redis.
 */
export const UNREAD_KEPT = 50_000;

/** Names in Redis for signals, their answers, positions, the account and the ledger. */
export const Trading = {
  channels: {
    tradingSignals: channel({
      name: 'trading_signals',
      schema: ExternalSignal,
      writers: ['signal-engine', 'decision-logger'],
      readers: ['decision-logger', 'dashboard-api'],
      about:
        'Echo of the stream signals. decision-logger copies hand-made messages from here to the stream and adds stops.',
    }),
    positionUpdates: channel({
      name: 'position_updates',
      schema: PositionUpdate,
      writers: ['decision-logger', 'execution-manager'],
      readers: ['signal-engine', 'risk-manager', 'dashboard-api'],
      about: 'All open positions and orders of a symbol, after each change.',
    }),
  },
  records: {
    simulatedPnl: record({
      name: 'simulated_pnl_summary',
      schema: PerformanceSummary,
      writers: ['decision-logger'],
      readers: ['signal-engine', 'decision-logger', ...observers, 'fleet'],
      about: 'Statistics of the simulated trades of this run; hand-made trades are counted separately.',
    }),
    account: record({
      name: 'account',
      schema: Account,
      writers: ['decision-logger', 'execution-manager'],
      readers: ['signal-engine', 'decision-logger', 'risk-manager', ...observers, 'fleet'],
      about:
        'Balance, margin and positions as the risk rules see them. Written every second under the live profile; in live by execution-manager.',
      ttlSec: 60,
    }),
    performance: record({
      name: 'performance_metrics',
      schema: PerformanceSummary,
      writers: ['decision-logger'],
      readers: ['signal-engine', 'decision-logger', ...observers, 'fleet'],
      about: 'Statistics of the live trades of this run.',
    }),
    ledgerProjection: record({
      name: 'ledger_image',
      schema: LedgerProjection,
      writers: ['decision-logger'],
      readers: ['decision-logger', 'signal-engine'],
      about:
        'Written only with the complete projection of the ledger. If it is missing, Redis was wiped and the projection is written again. Contains the trading state of the ledger.',
    }),
    ledgerTrouble: record({
      name: 'ledger_trouble',
      schema: LedgerTrouble,
      writers: ['decision-logger'],
      readers: ['signal-engine', ...observers, 'fleet'],
      about:
        'Why decision-logger records nothing: its ledger is missing, replaced, damaged or not writable. Trading is HALTED meanwhile, except if only writes fail.',
    }),
    accountReset: record({
      name: 'account_reset',
      schema: AccountResetResult,
      writers: ['decision-logger'],
      readers: ['decision-logger', 'dashboard-api', 'fleet'],
      about: 'Result of the last requested reset of a paper account.',
    }),
  },
  maps: {
    openPositions: map({
      name: 'open_positions',
      field: 'SYMBOL:LONG or SYMBOL:SHORT',
      schema: OpenPosition,
      writers: ['decision-logger', 'execution-manager'],
      readers: [...ingestors, 'signal-engine', 'decision-logger', 'risk-manager', 'execution-manager', ...observers],
      about: 'Open positions, simulated or live.',
    }),
    openOrders: map({
      name: 'open_orders',
      field: 'order id',
      schema: OpenOrder,
      writers: ['decision-logger', 'execution-manager'],
      readers: [...ingestors, 'signal-engine', 'decision-logger', 'risk-manager', 'execution-manager', ...observers],
      about: 'Resting orders, simulated or live.',
    }),
    knownLedgers: map({
      name: 'known_ledgers',
      field: 'run',
      schema: KnownLedger,
      writers: ['decision-logger', 'fleet'],
      readers: ['decision-logger', 'fleet'],
      about:
        'Identity and size of each run’s ledger; each start compares its file with them. `npm run account -- accept` deletes the entry.',
    }),
    trailingStops: map({
      name: 'trailing_stops',
      field: 'SYMBOL:LONG or SYMBOL:SHORT',
      schema: TrailingState,
      writers: ['signal-engine'],
      readers: ['signal-engine', 'dashboard-api'],
      about: 'Best price of each simulated position, and its stops that have moved since the entry.',
    }),
    reasonMoves: map({
      name: 'reason_moves',
      field: 'reason',
      schema: ReasonMoves,
      writers: ['signal-engine'],
      readers: ['signal-engine'],
      about: 'The moves after triggers of a reason, for EDGE_VS_COST; they survive a restart. A replay keeps none.',
    }),
    lastEntries: map({
      name: 'last_entries',
      field: 'symbol',
      schema: LastEntry,
      writers: ['signal-engine'],
      readers: ['signal-engine', 'dashboard-api'],
      about: 'Last entry signal of each symbol, written with the signal, so a cooldown survives a restart.',
    }),
    unansweredEntries: map({
      name: 'unanswered_entries',
      field: 'signal id',
      schema: TradingSignal,
      writers: ['signal-engine'],
      readers: ['signal-engine'],
      about:
        'Entry signals without a final answer. Each blocks its symbol, also after a restart. Deleted with the answer.',
    }),
  },
  lists: {
    decisionLogs: list({
      name: 'decision_logs',
      schema: Decision,
      maxLength: 500,
      ttlSec: 86_400,
      writers: ['decision-logger'],
      readers: ['decision-logger', ...observers],
      about: 'One entry per signal with its outcome.',
    }),
    decisionRefusals: list({
      name: 'decision_refusals',
      schema: Decision,
      maxLength: 500,
      ttlSec: 86_400,
      writers: ['decision-logger'],
      readers: ['decision-logger', ...observers],
      about: 'Triggers that a gate refused, with the result that they would have had.',
    }),
  },
  streams: {
    signals: stream({
      name: 'signals',
      schema: SentSignal,
      trim: 'read',
      maxLength: UNREAD_KEPT,
      writers: ['signal-engine', 'decision-logger'],
      readers: ['risk-manager', 'execution-manager', 'decision-logger'],
      about: 'A request to enter or exit a position, before any risk check. Echoed on the channel trading_signals.',
    }),
    refusals: stream({
      name: 'refusals',
      schema: RefusalReport,
      trim: 'read',
      maxLength: UNREAD_KEPT,
      writers: ['signal-engine'],
      readers: ['decision-logger'],
      about: 'Refused triggers, and later the result that each would have had.',
    }),
    accountCommands: stream({
      name: 'account_commands',
      schema: AccountResetCommand,
      trim: 'read',
      maxLength: 1_000,
      writers: ['dashboard-api', 'fleet'],
      readers: ['decision-logger'],
      about: 'Requests to reset the paper account of decision-logger; each counts once by its command_id.',
    }),
    executions: stream({
      name: 'executions',
      schema: Execution,
      trim: 'read',
      keepsRead: 10_000,
      maxLength: UNREAD_KEPT,
      writers: ['decision-logger', 'risk-manager', 'execution-manager'],
      readers: ['signal-engine', 'decision-logger', 'risk-manager', 'execution-manager', 'dashboard-api'],
      about:
        'Every answer to a signal, and every fill. Each signal gets one final answer. A message may arrive twice, with the same execution_id. In simulation decision-logger writes and journals them.',
    }),
    trades: stream({
      name: 'trades',
      schema: ClosedTrade,
      trim: 'read',
      keepsRead: 10_000,
      maxLength: UNREAD_KEPT,
      writers: ['decision-logger', 'execution-manager'],
      readers: ['risk-manager', 'decision-logger', 'dashboard-api'],
      about: 'Closed round trips, for statistics, Kelly and the dashboard.',
    }),
  },
} as const;
