import type { Decision } from '@helios/shared/domain/decision.ts';
import type { ClosedTrade, OpenOrder } from '@helios/shared/domain/position.ts';
import type { RiskRuleResult } from '@helios/shared/domain/risk-rule.ts';
import type { Side, TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Fill, Liquidated, OrderEvent } from '@helios/shared/domain/venue-event.ts';
import { applyOrderEvent, filledQuantity, isFinalOrder, orderStatus } from '../execution/order-state.ts';
import { workingOrderOf } from '../execution/place.ts';
import type { OrderRequest, Venue } from '../execution/venue.ts';
import type { AfterCancel, WorkingOrder, WorkingOrders } from '../execution/working-orders.ts';
import { decisionOf } from '../portfolio/decision-of.ts';
import { closedFigures, type FilledOrder, filledFigures, filledOrderOf } from '../portfolio/filled-order.ts';
import type { PositionBook } from '../portfolio/position-book.ts';
import { addQuantity } from '../price/significant-digits.ts';
import type { Answers } from './answers.ts';
import type { SimulatorEffect } from './simulator-port.ts';

/** Data of an order that its request does not contain. */
export interface OrderContext {
  readonly expiresTs: number;
  /** Entry signal of the position that an exit closes. */
  readonly positionId?: string;
  /** True if a decision on the signal is already recorded. */
  readonly isOnRecord?: boolean;
  /** Result of each risk rule for an entry; its decision contains it. */
  readonly rules?: readonly RiskRuleResult[];
}

/** Why an order is cancelled: the answer to its signal, and the remark of its decision. */
export type Withdrawal = Omit<Extract<AfterCancel, { kind: 'RECORD' }>, 'kind'>;

const NONE: readonly string[] = [];

/**
 * Sends orders to a venue, and applies its reports to orders and positions. Each placed signal gets one final decision and one
 * final answer.
 */
export class OrderFlow {
  readonly #venue: Venue;
  readonly #orders: WorkingOrders;
  readonly #positions: PositionBook;
  readonly #answers: Answers;
  readonly #changed = new Set<string>();

  constructor(venue: Venue, orders: WorkingOrders, positions: PositionBook, answers: Answers) {
    this.#venue = venue;
    this.#orders = orders;
    this.#positions = positions;
    this.#answers = answers;
  }

  submit(request: OrderRequest, signal: TradingSignal, context: OrderContext): SimulatorEffect[] {
    const { expiresTs, positionId, isOnRecord = false, rules } = context;
    this.#orders.add(workingOrderOf(request, signal, { expiresTs, positionId, isOnRecord, rules }));
    return this.onEvents(this.#venue.submit(request));
  }

  /** Cancels the resting order of one purpose for a position. */
  withdraw(
    symbol: string,
    side: Side,
    purpose: OpenOrder['purpose'],
    why: Withdrawal,
    nowMs: number,
  ): SimulatorEffect[] {
    const working = this.#orders.find(symbol, side, purpose);
    if (working === undefined) return [];
    working.after = { kind: 'RECORD', ...why };
    return this.onEvents(this.#venue.cancel(working.order.order_id, nowMs));
  }

  /** Cancels an order and sends another one for the same signal. */
  replace(working: WorkingOrder, request: OrderRequest, nowMs: number): SimulatorEffect[] {
    working.after = { kind: 'REPLACE', request };
    return this.onEvents(this.#venue.cancel(working.order.order_id, nowMs));
  }

  /** Applies a report. It changes nothing if the order is unknown or final, or if the report is a repeat. */
  onEvent(event: OrderEvent): SimulatorEffect[] {
    const working = this.#orders.get(event.client_order_id);
    const state = working && applyOrderEvent(working.state, event);
    if (working === undefined || state === undefined || state === working.state) return [];
    working.state = state;
    const effects = this.#apply(working, event);
    this.#answers.onEvent(working, event);
    if (isFinalOrder(state)) {
      this.#orders.remove(event.client_order_id);
      effects.push(...this.#onOver(working, event));
    }
    if (event.kind === 'FILL' && effects.length === 0) this.#changed.add(working.order.symbol);
    return effects;
  }

  /** Applies reports one by one: a report may depend on the effects of the one before. */
  onEvents(events: Iterable<OrderEvent>): SimulatorEffect[] {
    const effects: SimulatorEffect[] = [];
    for (const event of events) effects.push(...this.onEvent(event));
    return effects;
  }

  /** Applies a liquidation by the venue; `exit` records it. */
  onLiquidated(event: Liquidated, exit: TradingSignal): SimulatorEffect[] {
    const { symbol, side, ts_event, trade_id, price, quantity, fee } = event;
    const why = cancelled('its position was liquidated');
    const withdrawn = (['ENTRY', 'EXIT'] as const).flatMap((use) => this.withdraw(symbol, side, use, why, ts_event));
    const position = this.#positions.find(symbol, side);
    if (position === undefined) return withdrawn;
    const fill: Fill = {
      kind: 'FILL',
      client_order_id: trade_id,
      ts_event,
      trade_id,
      price,
      quantity,
      fee,
      liquidity: 'TAKER',
      slippage: 0,
    };
    const applied = this.#positions.applyExit(position.signal_id, exit, fill);
    if (applied.kind !== 'CLOSED') return withdrawn;
    this.#answers.liquidated(exit, fill);
    const decision = decisionOf(exit, 'CLOSED', closedFigures(applied.trade, fill));
    return [...withdrawn, effectOf(decision, true, applied.trade)];
  }

  /** Symbols whose positions had fills since the last call, without a decision on the fill. */
  takeChanged(): readonly string[] {
    if (this.#changed.size === 0) return NONE;
    const symbols = [...this.#changed];
    this.#changed.clear();
    return symbols;
  }

  #apply(working: WorkingOrder, event: OrderEvent): SimulatorEffect[] {
    if (event.kind === 'ACCEPTED') return this.#onAccepted(working);
    if (event.kind !== 'FILL') return [];
    return working.order.purpose === 'ENTRY' ? this.#onEntryFill(working, event) : this.#onExitFill(working, event);
  }

  #onAccepted(working: WorkingOrder): SimulatorEffect[] {
    if (working.type !== 'LIMIT' || working.isOnRecord) return [];
    const { signal, order } = working;
    working.isOnRecord = true;
    this.#answers.open(working);
    const figures = { position_size: order.quantity, ...rulesOf(working) };
    return [effectOf(decisionOf(signal, 'RESTING', figures), true)];
  }

  #onEntryFill(working: WorkingOrder, fill: Fill): SimulatorEffect[] {
    const { symbol, side, signal_id } = working.order;
    const open = this.#positions.find(symbol, side);
    const replaced = open?.signal_id === signal_id ? undefined : open;
    // A resting exit belongs to the position that is now replaced.
    const why = cancelled('its position was replaced');
    const withdrawn = this.withdraw(symbol, side, 'EXIT', why, fill.ts_event);
    this.#positions.applyEntry(working.signal, fill);
    if (replaced) {
      this.#positions.drop(replaced);
      working.replaced = replaced.signal_id;
    }
    return withdrawn;
  }

  #onExitFill(working: WorkingOrder, fill: Fill): SimulatorEffect[] {
    const { signal, positionId, isOnRecord } = working;
    const applied = this.#positions.applyExit(positionId ?? '', signal, fill);
    if (applied.kind === 'NO_POSITION') {
      working.isAnswered = true;
      working.isOrphan = true;
      return [effectOf(decisionOf(signal, 'ORPHAN_EXIT'), !isOnRecord)];
    }
    if (applied.kind !== 'CLOSED') return [];
    working.isAnswered = true;
    const figures = closedFigures(applied.trade, filledOrderOf(working.state));
    return [effectOf(decisionOf(signal, 'CLOSED', figures), !isOnRecord, applied.trade)];
  }

  #onOver(working: WorkingOrder, event: OrderEvent): SimulatorEffect[] {
    const { signal, state, after, isOnRecord, isAnswered } = working;
    if (isAnswered) return [];
    const execution = filledOrderOf(state);
    if (after?.kind === 'REPLACE' && orderStatus(state) !== 'FILLED') return this.#sendInPlace(working, after.request);
    if (execution) return this.#filled(working, execution);
    const remark = after?.kind === 'RECORD' ? after.remark : undefined;
    const whyNot = event.kind === 'REJECTED' ? `rejected by the venue: ${event.message}` : remark;
    return [effectOf(decisionOf(signal, 'MISSED', rulesOf(working), whyNot), !isOnRecord)];
  }

  #filled(working: WorkingOrder, execution: FilledOrder): SimulatorEffect[] {
    const { signal, order, replaced, isOnRecord } = working;
    const figures = { ...filledFigures(execution), ...rulesOf(working) };
    // The position is not flat yet: the last exit will record the trade.
    if (order.purpose === 'EXIT') return [effectOf(decisionOf(signal, 'CLOSED', figures, 'in part'), !isOnRecord)];
    const applied = this.#positions.endEntry(signal);
    const outcome = replaced === undefined ? 'OPENED' : 'REPLACED';
    const opened = effectOf(decisionOf(signal, outcome, figures), !isOnRecord);
    if (applied.kind !== 'CLOSED') return [opened];
    // Its exit was filled and recorded before the last report on the entry arrived.
    const closed = decisionOf(applied.exit, 'CLOSED', closedFigures(applied.trade, undefined));
    return [opened, effectOf(closed, false, applied.trade)];
  }

  #sendInPlace({ signal, positionId, order, state }: WorkingOrder, request: OrderRequest): SimulatorEffect[] {
    const quantity = addQuantity(order.quantity, -filledQuantity(state));
    const rest = { ...request, intent: { ...request.intent, quantity } };
    return this.submit(rest, signal, { expiresTs: order.expires_ts, positionId, isOnRecord: true });
  }
}

/** The withdrawal of an order that ended for another reason than its time. */
export function cancelled(remark: string): Withdrawal {
  return { answer: 'CANCELLED', remark };
}

const rulesOf = ({ rules }: WorkingOrder) => (rules === undefined ? {} : { rules: [...rules] });

/** Wraps a decision as a change of the record. */
export function effectOf(decision: Decision, isNew: boolean, trade?: ClosedTrade): SimulatorEffect {
  return { symbol: decision.symbol, decision, isNew, ...(trade && { trade }) };
}
