import { z } from 'zod';
import { Account } from '../domain/account.ts';
import { AccountResetCommand, AccountResetResult } from '../domain/account-reset.ts';
import { AssetScore } from '../domain/asset-selection.ts';
import { DamagedKey } from '../domain/damaged-key.ts';
import { Decision, RefusalReport } from '../domain/decision.ts';
import { Execution } from '../domain/execution.ts';
import {
  Alert,
  FleetMode,
  FleetState,
  Heartbeat,
  LogRecord,
  OperatorCommand,
  ReplayAck,
  ReplayProgress,
  ServiceName,
} from '../domain/fleet.ts';
import { Instrument } from '../domain/instrument.ts';
import { KnownLedger, LedgerTrouble } from '../domain/known-ledger.ts';
import { Book, FallbackPrice, FrameBatch, Kline, MarketBreak, MarketTrade, MarkPrice } from '../domain/market-data.ts';
import { RegimeState, SentimentState } from '../domain/market-state.ts';
import { ClosedTrade, LastEntry, OpenOrder, OpenPosition, PositionUpdate, TrailingState } from '../domain/position.ts';
import { ScoredItem } from '../domain/scored-item.ts';
import { ExternalSignal, SentSignal } from '../domain/signal.ts';
import { LedgerProjection, PerformanceSummary } from '../domain/statistics.ts';
import { FleetLogState, SupervisedService, SupervisorBeat } from '../domain/supervision.ts';
import { VenueStatus } from '../domain/venue-status.ts';
import { bookWire } from './book-wire.ts';
import { channel, list, map, ranking, record, stream, value } from './entry.ts';
import { isBook, isFrameBatch, isMarketTrade } from './hot-checks.ts';

/** Every name in Redis, once. Services import entries; nobody spells a name. */
const ALL = ServiceName.options;
const ingestors = ['data-ingestor', 'public-price-ingestor'] as const;
const observers = ['monitoring-agent', 'dashboard-api'] as const;

/** News: the latest wins, losing one is harmless. */
export const Channels = {
  books: channel({
    name: 'books:{symbol}',
    schema: Book,
    wire: bookWire,
    writers: ingestors,
    readers: ['signal-engine', 'decision-logger', 'risk-manager'],
    about:
      'Every new state of a symbol’s top 20 levels. For services that decide or fill on each of them. Each side is one text: price and quantity in turn, best level first.',
  }),
  bookSamples: channel({
    name: 'book_samples:{symbol}',
    schema: Book,
    check: isBook,
    writers: ingestors,
    readers: observers,
    about: 'The book that was just written to orderbook:{symbol}: at most one a second.',
  }),
  marketTrades: channel({
    name: 'market_trades:{symbol}',
    schema: MarketTrade,
    check: isMarketTrade,
    writers: ingestors,
    readers: ['signal-engine', 'decision-logger'],
    about: 'Every trade on the venue.',
  }),
  markPrices: channel({
    name: 'mark_prices:{symbol}',
    schema: MarkPrice,
    writers: ingestors,
    readers: ['signal-engine', 'decision-logger', 'risk-manager'],
    about: 'The venue’s mark price and funding.',
  }),
  closedKlines: channel({
    name: 'closed_klines:{symbol}',
    schema: Kline,
    writers: ingestors,
    readers: ['signal-engine', 'decision-logger'],
    about: 'Each candle as it closes, after it was pushed to klines:{symbol}:{interval}.',
  }),
  marketBreaks: channel({
    name: 'market_breaks:{symbol}',
    schema: MarketBreak,
    writers: ingestors,
    readers: ['signal-engine', 'decision-logger', 'monitoring-agent'],
    about: 'The book of a symbol became invalid, or its session ended.',
  }),
  fallbackPrices: channel({
    name: 'fallback_prices:{symbol}',
    schema: FallbackPrice,
    writers: ingestors,
    readers: ['signal-engine', 'dashboard-api'],
    about: 'A price from elsewhere while the venue is away, with its source: exits may be judged on it, entries never.',
  }),
  tradingSignals: channel({
    name: 'trading_signals',
    schema: ExternalSignal,
    writers: ['signal-engine', 'decision-logger'],
    readers: ['decision-logger', 'dashboard-api'],
    about:
      'Echo of the stream signals; decision-logger takes a message published here by hand into the stream, with stops.',
  }),
  positionUpdates: channel({
    name: 'position_updates',
    schema: PositionUpdate,
    writers: ['decision-logger', 'execution-manager'],
    readers: ['signal-engine', 'risk-manager', 'dashboard-api'],
    about: 'A symbol’s open positions and orders, whole, after each change.',
  }),
  fleetStateChanges: channel({
    name: 'fleet_state_changes',
    schema: FleetState,
    writers: ['signal-engine'],
    readers: ['execution-manager', 'decision-logger', ...observers],
    about: 'fleet:state after each change.',
  }),
  watchlistChanges: channel({
    name: 'watchlist_changes',
    schema: z.strictObject({ symbols: z.array(z.string()) }),
    writers: ingestors,
    readers: ['signal-engine', 'decision-logger', 'reddit-ingestor', ...observers],
    about: 'The watchlist after each change.',
  }),
  replayFrames: channel({
    name: 'replay_frames',
    schema: FrameBatch,
    check: isFrameBatch,
    writers: ['data-ingestor'],
    readers: ['signal-engine', 'decision-logger'],
    about: 'The market of a lock-step replay, many frames a message, in place of the channels of each symbol.',
  }),
  replayAcks: channel({
    name: 'replay_acks',
    schema: ReplayAck,
    writers: ['signal-engine', 'decision-logger'],
    readers: ['data-ingestor', 'decision-logger'],
    about:
      'Answers to frames of a lock-step replay: how far signal-engine has come, and what decision-logger recorded.',
  }),
} as const;

/** Strings that hold one JSON document. */
export const Values = {
  orderbook: value({
    name: 'orderbook:{symbol}',
    schema: Book,
    ttlSec: 86_400,
    writers: ingestors,
    readers: ['data-ingestor', 'signal-engine', 'decision-logger', ...observers],
    about: 'Sample of the top 20 levels, at most once a second.',
  }),
  trade: value({
    name: 'trade:{symbol}',
    schema: MarketTrade,
    ttlSec: 86_400,
    writers: ingestors,
    readers: ['signal-engine', ...observers],
    about: 'Sample of the last trade, at most once a second.',
  }),
  fallbackPrice: value({
    name: 'fallback_price:{symbol}',
    schema: FallbackPrice,
    ttlSec: 86_400,
    writers: ingestors,
    readers: ['signal-engine', 'dashboard-api'],
    about: 'The last price from elsewhere; newer than orderbook:{symbol} only while the venue is away.',
  }),
  schemaVersion: value({
    name: 'fleet:schema',
    schema: z.strictObject({ project: z.literal('helios'), version: z.number().int() }),
    writers: ['fleet'],
    readers: ['fleet'],
    about: 'Says that this database is ours, and in which shape.',
  }),
} as const;

/** Hashes that hold one object. */
export const Records = {
  fleetMode: record({
    name: 'fleet:mode',
    schema: FleetMode,
    writers: ['fleet'],
    readers: [...ALL, 'fleet'],
    about: 'The resolved mode: the only source of badge, hosts and roster.',
  }),
  fleetLog: record({
    name: 'fleet:log',
    schema: FleetLogState,
    writers: ['fleet'],
    readers: ['monitoring-agent'],
    about: 'Whether the supervisor can write helios.log, every five seconds.',
  }),
  fleetState: record({
    name: 'fleet:state',
    schema: FleetState,
    writers: ['signal-engine'],
    readers: ['signal-engine', 'risk-manager', 'execution-manager', 'decision-logger', ...observers, 'fleet'],
    about:
      'The trading state, written by signal-engine alone; decision-logger keeps it in the ledger. In live it is HALTED and stays so as long as no orders are sent.',
  }),
  supervisorBeat: record({
    name: 'fleet:supervisor',
    schema: SupervisorBeat,
    ttlSec: 60,
    writers: ['fleet'],
    readers: ['fleet'],
    about: 'The supervisor that runs on this database, every few seconds: no other starts beside it.',
  }),
  heartbeat: record({
    name: 'heartbeat:{service}',
    schema: Heartbeat,
    ttlSec: 120,
    writers: ALL,
    readers: [...observers, 'fleet'],
    about: 'A service’s liveness, loop lag and message age, once a second.',
  }),
  marketRegime: record({
    name: 'market_regime:{symbol}',
    schema: RegimeState,
    ttlSec: 86_400,
    writers: ['signal-engine'],
    readers: ['decision-logger', 'risk-manager', 'dashboard-api'],
    about: 'Regime with its figures and the parameters in force under it.',
  }),
  sentiment: record({
    name: 'sentiment:{symbol}',
    schema: SentimentState,
    ttlSec: 86_400,
    writers: ['reddit-ingestor'],
    readers: ['signal-engine'],
    about: 'Mood of one coin; `sentiment:global` is that of the market.',
  }),
  simulatedPnl: record({
    name: 'simulated_pnl_summary',
    schema: PerformanceSummary,
    writers: ['decision-logger'],
    readers: ['signal-engine', 'decision-logger', ...observers, 'fleet'],
    about: 'Statistics of the simulated trades of this run; those opened by hand stand apart.',
  }),
  account: record({
    name: 'account',
    schema: Account,
    writers: ['decision-logger'],
    readers: ['signal-engine', 'decision-logger', ...observers, 'fleet'],
    about: 'Balance, margin and positions as the risk rules see them, each second; under the live profile.',
    ttlSec: 60,
  }),
  ledgerProjection: record({
    name: 'ledger_image',
    schema: LedgerProjection,
    writers: ['decision-logger'],
    readers: ['decision-logger', 'signal-engine'],
    about:
      'Written with the whole image of the ledger only: where it is missing, Redis was wiped and is written again. It carries the trading state that the ledger holds.',
  }),
  ledgerTrouble: record({
    name: 'ledger_trouble',
    schema: LedgerTrouble,
    writers: ['decision-logger'],
    readers: ['signal-engine', ...observers, 'fleet'],
    about:
      'Why decision-logger records nothing: its ledger is missing, exchanged, damaged or takes no writes. Trading is HALTED meanwhile, except where only writes fail.',
  }),
  accountReset: record({
    name: 'account_reset',
    schema: AccountResetResult,
    writers: ['decision-logger'],
    readers: ['decision-logger', 'dashboard-api', 'fleet'],
    about: 'What became of the last reset of a paper account that was asked for.',
  }),
  replayProgress: record({
    name: 'replay_progress',
    schema: ReplayProgress,
    writers: ['data-ingestor'],
    readers: ['data-ingestor', ...observers, 'fleet'],
    about: 'How far the replay has come and what it found in the recording.',
  }),
  venueStatus: record({
    name: 'venue_status',
    schema: VenueStatus,
    writers: ingestors,
    readers: ['monitoring-agent'],
    about: 'Whether the venue answers the ingestor; if not, why and what to do. Written when it changes.',
  }),
} as const;

/** Hashes of many objects. */
export const Maps = {
  instruments: map({
    name: 'instruments',
    field: 'symbol',
    schema: Instrument,
    writers: ingestors,
    readers: ['signal-engine', 'decision-logger', 'risk-manager', 'dashboard-api'],
    about: 'Tick, step and order limits of each watched symbol.',
  }),
  assetScores: map({
    name: 'asset_scores',
    field: 'symbol',
    schema: AssetScore,
    writers: ingestors,
    readers: [...ingestors, 'dashboard-api'],
    about: 'Why each symbol is on the dynamic watchlist, since when, and who is next in line; written with every scan.',
  }),
  openPositions: map({
    name: 'open_positions',
    field: 'SYMBOL:LONG or SYMBOL:SHORT',
    schema: OpenPosition,
    writers: ['decision-logger', 'execution-manager'],
    readers: [...ingestors, 'signal-engine', 'decision-logger', 'risk-manager', ...observers],
    about: 'Open positions, simulated or live.',
  }),
  openOrders: map({
    name: 'open_orders',
    field: 'order id',
    schema: OpenOrder,
    writers: ['decision-logger', 'execution-manager'],
    readers: [...ingestors, 'signal-engine', 'decision-logger', 'risk-manager', ...observers],
    about: 'Resting orders, simulated or live.',
  }),
  knownLedgers: map({
    name: 'known_ledgers',
    field: 'run',
    schema: KnownLedger,
    writers: ['decision-logger', 'fleet'],
    readers: ['decision-logger', 'fleet'],
    about:
      'Identity and size of each run’s ledger: a start compares its file with it. `npm run account -- accept` deletes the entry.',
  }),
  trailingStops: map({
    name: 'trailing_stops',
    field: 'SYMBOL:LONG or SYMBOL:SHORT',
    schema: TrailingState,
    writers: ['signal-engine'],
    readers: ['signal-engine', 'dashboard-api'],
    about: 'How far simulated positions have run in their favour, and where their stops have moved since the entry.',
  }),
  lastEntries: map({
    name: 'last_entries',
    field: 'symbol',
    schema: LastEntry,
    writers: ['signal-engine'],
    readers: ['signal-engine', 'dashboard-api'],
    about: 'When signal-engine last asked to enter, written with the signal: a cooldown survives a restart.',
  }),
  supervisedServices: map({
    name: 'supervised_services',
    field: 'service',
    schema: SupervisedService,
    writers: ['fleet'],
    readers: [...observers, 'fleet'],
    about: 'What the supervisor knows of each process: state, pid, restarts, how it ended last.',
  }),
  damagedKeys: map({
    name: 'damaged_keys',
    field: 'key',
    schema: DamagedKey,
    writers: [...ALL, 'fleet'],
    readers: ['monitoring-agent'],
    about:
      'Keys that were overwritten with another type. The process that finds one renames it to `damaged:{key}` and writes ours again. Kept for seven days.',
  }),
} as const;

/** Capped lists, newest first. */
export const Lists = {
  decisionLogs: list({
    name: 'decision_logs',
    schema: Decision,
    maxLength: 500,
    ttlSec: 86_400,
    writers: ['decision-logger'],
    readers: ['decision-logger', ...observers],
    about: 'One entry per signal with what became of it.',
  }),
  decisionRefusals: list({
    name: 'decision_refusals',
    schema: Decision,
    maxLength: 500,
    ttlSec: 86_400,
    writers: ['decision-logger'],
    readers: ['decision-logger', ...observers],
    about: 'Triggers that a gate refused, with what they would have made.',
  }),
  klines: list({
    name: 'klines:{symbol}:{interval}',
    schema: Kline,
    maxLength: 500,
    writers: ingestors,
    readers: [...ingestors, 'signal-engine', 'decision-logger', 'risk-manager', 'dashboard-api', 'monitoring-agent'],
    about: 'Closed candles only.',
  }),
  redditItems: list({
    name: 'reddit_items',
    schema: ScoredItem,
    maxLength: 10_000,
    ttlSec: 259_200,
    writers: ['reddit-ingestor'],
    readers: ['reddit-ingestor'],
    about: 'Posts and comments already scored: after a restart none is scored twice, and the mood goes on.',
  }),
} as const;

/** Hours of a reader's absence under heavy load; two streams of this length fit into the memory that compose gives Redis. */
const UNREAD_KEPT = 50_000;

/** Streams: each reader has its own place; what is kept until read is not lost while its reader is away. */
export const Streams = {
  signals: stream({
    name: 'signals',
    schema: SentSignal,
    trim: 'read',
    maxLength: UNREAD_KEPT,
    writers: ['signal-engine', 'decision-logger'],
    readers: ['risk-manager', 'decision-logger'],
    about: 'A wish to enter or leave a position; not yet checked for risk. Echoed on the channel trading_signals.',
  }),
  refusals: stream({
    name: 'refusals',
    schema: RefusalReport,
    trim: 'read',
    maxLength: UNREAD_KEPT,
    writers: ['signal-engine'],
    readers: ['decision-logger'],
    about: 'Refused triggers, and later what each would have made.',
  }),
  operatorCommands: stream({
    name: 'operator_commands',
    schema: OperatorCommand,
    trim: 'read',
    maxLength: 20_000,
    writers: ['dashboard-api', 'fleet'],
    readers: ['signal-engine', 'risk-manager', 'execution-manager'],
    about: 'Start, stop and flatten as the operator asked for them; idempotent by command_id.',
  }),
  accountCommands: stream({
    name: 'account_commands',
    schema: AccountResetCommand,
    trim: 'read',
    maxLength: 1_000,
    writers: ['dashboard-api', 'fleet'],
    readers: ['decision-logger'],
    about: 'Resets of the paper account that decision-logger keeps; each counts once by its command_id.',
  }),
  executions: stream({
    name: 'executions',
    schema: Execution,
    trim: 'oldest',
    maxLength: 10_000,
    writers: ['decision-logger', 'execution-manager'],
    readers: ['signal-engine', 'decision-logger', 'dashboard-api'],
    about: 'Every answer to a signal, and every fill; one final answer a signal, each idempotent by execution_id.',
  }),
  trades: stream({
    name: 'trades',
    schema: ClosedTrade,
    trim: 'oldest',
    maxLength: 10_000,
    writers: ['decision-logger', 'execution-manager'],
    readers: ['risk-manager', 'decision-logger', 'dashboard-api'],
    about: 'Closed round trips, for statistics, Kelly and the page.',
  }),
  alerts: stream({
    name: 'alerts',
    schema: Alert,
    trim: 'oldest',
    maxLength: 1_000,
    writers: ['monitoring-agent'],
    readers: observers,
    about: 'What an operator should look at, with what to do.',
  }),
  logs: stream({
    name: 'logs',
    schema: LogRecord,
    trim: 'oldest',
    maxLength: 2_000,
    writers: ALL,
    readers: [...observers],
    about: 'Log lines of WARN and above of all services.',
  }),
} as const;

/** Sorted sets. */
export const Rankings = {
  watchlist: ranking({
    name: 'watchlist',
    schema: z.string(),
    writers: ingestors,
    readers: [...ingestors, 'signal-engine', 'decision-logger', 'reddit-ingestor', ...observers],
    about: 'Watched symbols with their score.',
  }),
} as const;
