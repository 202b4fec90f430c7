import type { AssessedEntry, OrderPurpose } from '@helios/shared/domain/order.ts';
import type { OpenPosition } from '@helios/shared/domain/position.ts';
import { isExit, type Side, sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import { type Action, actionOf } from '../execution/fill.ts';
import { addQuantity } from '../price/significant-digits.ts';
import type { ChildOrder } from './child-order.ts';
import { isOwnExitId } from './own-exit.ts';

/** How a signal ends without being filled completely. */
export interface ParentEnd {
  readonly answer: 'EXPIRED' | 'CANCELLED' | 'REJECTED';
  readonly reason: string;
}

/** Kind of the last child order: resting at the best price, taking up to a limit, taking at any price. An exit's next one. */
export type ExitRung = 'REST' | 'IOC' | 'MARKET';

/**
 * The execution of one signal. Its child orders go to the venue one after another, never two at a time. Quantities in base
 * currency, times in epoch ms.
 */
export interface ParentOrder {
  readonly signal: TradingSignal;
  readonly purpose: OrderPurpose;
  readonly symbol: string;
  readonly side: Side;
  readonly action: Action;
  /** Entry signal of the position that it opens or closes. */
  readonly positionId: string;
  /** Undefined: an exit closes all that is open. */
  quantity: number | undefined;
  readonly receivedTs: number;
  readonly entry: AssessedEntry | undefined;
  /** Execution-manager made the signal itself; the stream `signals` does not have it. */
  readonly isOwnSignal: boolean;
  /** An earlier process may have sent it: its orders are looked for, and nothing is sent. */
  isRecovered: boolean;
  /** The exit takes at any price now. */
  isUrgent: boolean;
  /** Undefined between two child orders. */
  child: ChildOrder | undefined;
  /** Number of child orders so far; the last one's attempt. */
  attempts: number;
  filled: number;
  /** Filled by the orders before the last one. */
  filledBefore: number;
  /** Refusals of the venue in a row. */
  refusals: number;
  lastRefusal: string | undefined;
  /** The last child order ended without a fill. */
  isIdle: boolean;
  /** The last child order ended before it was filled completely. */
  isShort: boolean;
  /** No next step before this time. */
  waitUntilMs: number;
  rung: ExitRung;
  /** Set: it ends like this as soon as no child order works. */
  stopped: ParentEnd | undefined;
  /** A fill of this entry is closed at once: its position was closed meanwhile. */
  closesLateFills: boolean;
  /** True once an answer reported a resting order for the signal. */
  isOpenAnswered: boolean;
  /** The signal has its final answer. */
  isOver: boolean;
}

/** The execution of an allowed entry. */
export function entryParent(entry: AssessedEntry, nowMs: number, isRecovered: boolean): ParentOrder {
  const { signal, intent } = entry;
  const parent = parentOf(signal, {
    purpose: 'ENTRY',
    positionId: signal.signal_id,
    quantity: intent.quantity,
    receivedTs: nowMs,
    entry,
    isOwnSignal: false,
    isRecovered,
    rung: 'REST',
  });
  if (isRecovered) parent.stopped = { answer: 'EXPIRED', reason: 'execution-manager started again before it was sent' };
  return parent;
}

interface ExitTerms {
  readonly quantity?: number;
  readonly rung: ExitRung;
  readonly isOwnSignal: boolean;
  readonly isRecovered?: boolean;
}

/** The execution of an exit from a position. */
export function exitParent(
  signal: TradingSignal,
  position: Pick<OpenPosition, 'signal_id'>,
  { quantity, rung, isOwnSignal, isRecovered = false }: ExitTerms,
  nowMs: number,
): ParentOrder {
  return parentOf(signal, {
    purpose: 'EXIT',
    positionId: position.signal_id,
    quantity,
    receivedTs: nowMs,
    entry: undefined,
    isOwnSignal,
    isRecovered,
    rung,
  });
}

/** The execution that an earlier process began. Its order is looked for; an entry then ends, an exit goes on. */
export function restoredParent(
  signal: TradingSignal,
  known: Pick<ParentOrder, 'positionId' | 'quantity' | 'receivedTs'>,
): ParentOrder {
  const purpose = isExit(signal.direction) ? 'EXIT' : 'ENTRY';
  const parent = parentOf(signal, {
    ...known,
    purpose,
    entry: undefined,
    isOwnSignal: isOwnExitId(signal.signal_id),
    isRecovered: true,
    rung: 'IOC',
  });
  if (purpose === 'ENTRY') parent.stopped = { answer: 'EXPIRED', reason: 'execution-manager started again' };
  return parent;
}

type Fixed = 'purpose' | 'positionId' | 'quantity' | 'receivedTs' | 'entry' | 'isOwnSignal' | 'isRecovered' | 'rung';

function parentOf(signal: TradingSignal, fixed: Pick<ParentOrder, Fixed>): ParentOrder {
  return {
    signal,
    symbol: signal.symbol,
    side: sideOf(signal.direction),
    action: actionOf(signal.direction),
    child: undefined,
    attempts: 0,
    filled: 0,
    filledBefore: 0,
    refusals: 0,
    lastRefusal: undefined,
    isIdle: false,
    isShort: false,
    isUrgent: false,
    waitUntilMs: 0,
    stopped: undefined,
    closesLateFills: false,
    isOpenAnswered: false,
    isOver: false,
    ...fixed,
  };
}

/** What is still to execute while `open` is the quantity of the position. */
export function restOf(parent: ParentOrder, open: number): number {
  if (parent.quantity === undefined) return open;
  const rest = Math.max(addQuantity(parent.quantity, -parent.filled), 0);
  return parent.purpose === 'EXIT' ? Math.min(rest, open) : rest;
}
