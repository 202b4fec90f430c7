import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { OpenOrder, OpenPosition } from '@helios/shared/domain/position.ts';
import type { TradingState } from '@helios/shared/domain/trading-state.ts';
import { PositionBook } from '../portfolio/position-book.ts';
import { stopAtrsOf } from '../risk/protect.ts';
import { SteadyTime } from '../time/steady-time.ts';
import { AccountModes } from './account-modes.ts';
import { AnsweredSignals } from './answered-signals.ts';
import { accountBlocks, type EntryConditions, type ProcessBlock } from './entry-checks.ts';
import { LiveAccount } from './live-account.ts';
import { LiveAlarms, type LiveContext } from './live-context.ts';
import { LiveCovers } from './live-covers.ts';
import { LiveOrders } from './live-orders.ts';
import { LiveOutbox } from './live-outbox.ts';
import { LivePrices } from './live-prices.ts';
import { LiveProtection } from './live-protection.ts';
import type { LiveSettings } from './live-settings.ts';
import { OrderStatistics } from './order-statistics.ts';
import { Reconciliation } from './reconciliation.ts';
import { SymbolReadiness } from './symbol-readiness.ts';
import { SymbolStatuses } from './symbol-statuses.ts';
import { VenueExits } from './venue-exits.ts';

export interface LiveTradingOptions {
  readonly run: string;
  readonly settings: LiveSettings;
  /** Start of the process, epoch ms. An entry decided before it may have been sent by an earlier process. */
  readonly startedTs: number;
}

/** What Redis knew of the run before this process started; the venue's snapshot corrects it. */
export interface LiveState {
  readonly positions: readonly OpenPosition[];
  readonly orders: readonly OpenOrder[];
  /** Ids of signals that have their final answer on record: they are never executed again. */
  readonly answered: readonly string[];
}

/** The entry conditions, as they are now. */
interface Conditions extends EntryConditions {
  state: TradingState;
  isFlattening: boolean;
  isStreamOpen: boolean;
  streamReason: string;
  process: readonly ProcessBlock[];
  readonly forced: Set<string>;
  /** The venue's last warning of a liquidation. */
  marginCall: MarginCall | undefined;
}

/** Positions that come near their liquidation, as the venue warned. */
interface MarginCall {
  readonly ms: number;
  readonly symbols: readonly string[];
}

/** The parts of live trading. */
export interface LiveParts {
  readonly context: LiveContext;
  readonly orders: LiveOrders;
  readonly covers: LiveCovers;
  readonly exits: VenueExits;
  readonly account: LiveAccount;
  readonly modes: AccountModes;
  readonly reconciliation: Reconciliation;
  readonly readiness: SymbolReadiness;
  readonly statuses: SymbolStatuses;
  readonly protection: LiveProtection;
  readonly conditions: Conditions;
  /** Signals that were answered without an order. */
  readonly answered: AnsweredSignals;
  /** When our positions or orders last changed; a flat account is proven by a later snapshot. */
  readonly changed: { lastMs: number };
}

export function livePartsOf({ run, settings, startedTs }: LiveTradingOptions): LiveParts {
  const outbox = new LiveOutbox();
  const context: LiveContext = {
    run,
    tag: settings.execution.instance,
    startedTs,
    settings,
    time: new SteadyTime(),
    outbox,
    positions: new PositionBook(run, settings.trading.leverage, {
      stopAtrs: (regime) => stopAtrsOf(regime, settings),
    }),
    instruments: new Map<string, Instrument>(),
    prices: new LivePrices(settings.signals.max_book_age_ms),
    alarms: new LiveAlarms(),
    statistics: new OrderStatistics(),
  };
  const covers = new LiveCovers(context, (symbol) => reconciliation.differs(symbol));
  const exits = new VenueExits(context);
  const conditions: Conditions = {
    state: 'HALTED',
    isFlattening: false,
    isStreamOpen: false,
    streamReason: 'not open yet',
    process: [],
    forced: new Set(),
    marginCall: undefined,
  };
  const modes = new AccountModes();
  const changed = { lastMs: startedTs };
  const onPosition = (symbol: string, nowMs: number) => {
    changed.lastMs = nowMs;
    reconciliation.noteChange(symbol, nowMs);
    reconciliation.askAfterFill(nowMs);
    covers.refresh(symbol, nowMs);
  };
  const orders = new LiveOrders(context, {
    onFill: ({ symbol }, nowMs) => onPosition(symbol, nowMs),
    onContradiction: (_symbol, nowMs) => reconciliation.askSoon(nowMs),
    entryBlock: () => accountBlocks({ orders, reconciliation, modes }, conditions)[0],
  });
  const reconciliation = new Reconciliation({
    ...{ context, orders, covers, exits },
    onRepaired: onPosition,
    onForced: (symbol) => void conditions.forced.add(symbol),
  });
  return {
    context,
    orders,
    covers,
    exits,
    account: new LiveAccount(context, modes),
    modes,
    reconciliation,
    readiness: new SymbolReadiness(outbox, {
      leverage: settings.trading.leverage,
      marginMode: settings.risk.margin_mode === 'isolated' ? 'ISOLATED' : 'CROSSED',
    }),
    statuses: new SymbolStatuses(),
    protection: new LiveProtection(),
    conditions,
    answered: new AnsweredSignals(),
    changed,
  };
}
