import type { OpenPosition } from '@helios/shared/domain/position.ts';
import { paperProfileNameOf } from '@helios/shared/domain/profile-name.ts';
import type { RiskRuleResult } from '@helios/shared/domain/risk-rule.ts';
import type { Quote, TradingSignal } from '@helios/shared/domain/signal.ts';
import { actionOf, type FillPlan, farSide, planFill, quoteOf } from '../execution/fill.ts';
import { requestOf } from '../execution/place.ts';
import type { WorkingOrder } from '../execution/working-orders.ts';
import { isFresh } from '../paper/paper-market.ts';
import type { PaperVenue } from '../paper/paper-venue.ts';
import { onOldMarket } from '../portfolio/hand-made-signal.ts';
import { cancelled, type OrderFlow, type Withdrawal } from './order-flow.ts';
import { profileOf, type TradingProfile } from './profile.ts';
import type { SimulatorEffect, SimulatorParams } from './simulator-port.ts';

interface PlaceContext {
  /** The position that an exit closes, and the deadline of the resting exit that it replaces. */
  readonly exit?: { readonly position: OpenPosition; readonly deadline: number | undefined };
  /** Result of each risk rule for an entry. */
  readonly rules?: readonly RiskRuleResult[] | undefined;
}

interface Parts {
  readonly params: SimulatorParams;
  readonly run: string;
  readonly venue: PaperVenue;
  readonly flow: OrderFlow;
}

/** Makes orders from signals: plans how an order fills, submits it, and ends an order that has expired. */
export class OrderPlacer {
  readonly #parts: Parts;
  readonly #profile: TradingProfile;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#profile = profileOf(paperProfileNameOf(parts.params.simulation), parts.params);
  }

  /** How the signal's order fills on the present market; an exit closes `position`. */
  planOf(signal: TradingSignal, position?: OpenPosition): FillPlan {
    const { market } = this.#parts.venue;
    const planned = market.lastBook(signal.symbol) === undefined ? signal : onOldMarket(signal, position);
    return planFill(this.#profile, planned, market.lastQuote(signal.symbol));
  }

  place(signal: TradingSignal, plan: FillPlan, quantity: number, { exit, rules }: PlaceContext): SimulatorEffect[] {
    const { params, run, venue, flow } = this.#parts;
    const timeoutMs = params.simulation.limit_timeout_sec * 1_000;
    const dueTs = signal.timestamp + timeoutMs;
    const endTs = params.models?.endOfLife?.(dueTs, signal.symbol) ?? dueTs;
    const expiresTs = Math.min(exit?.deadline ?? Number.POSITIVE_INFINITY, endTs);
    const isMarketKnown = venue.market.lastBook(signal.symbol) !== undefined;
    const { orderIdOf } = params;
    const terms = { run, plan, quantity, placedTs: signal.timestamp, expiresTs, attempt: 1, isMarketKnown, orderIdOf };
    const positionId = exit?.position.signal_id;
    return flow.submit(requestOf(signal, terms), signal, { expiresTs, positionId, rules });
  }

  /** Closes this quantity of a position because the account demands it. */
  leave(exit: TradingSignal, position: OpenPosition, quantity: number, nowMs: number): SimulatorEffect[] {
    const { symbol, side } = position;
    const why = cancelled('superseded by a reduction of the position');
    const superseded = this.#parts.flow.withdraw(symbol, side, 'EXIT', why, nowMs);
    const plan = this.planOf(exit, position);
    return [...superseded, ...this.place(exit, plan, quantity, { exit: { position, deadline: undefined } })];
  }

  /**
   * Ends an expired order. An entry is MISSED. An exit must succeed, so it takes liquidity from the last known book. Without a
   * fresh enough price (silent market, or just started) it waits for the next book.
   */
  giveUp(working: WorkingOrder, nowMs: number, why: Withdrawal): SimulatorEffect[] {
    const { params, run, flow } = this.#parts;
    const { order, signal } = working;
    if (order.purpose === 'ENTRY') return flow.withdraw(order.symbol, order.side, 'ENTRY', why, nowMs);
    const quote = this.#quoteFor(working, nowMs);
    if (quote === undefined) return [];
    const price = farSide(actionOf(signal.direction), quote);
    const terms = { quantity: order.quantity, placedTs: nowMs, expiresTs: order.expires_ts, attempt: 2 };
    const plan = { kind: 'NOW', price, liquidity: 'TAKER' } as const;
    const naming = { orderIdOf: params.orderIdOf };
    return flow.replace(working, requestOf(signal, { run, plan, ...terms, ...naming, isMarketKnown: true }), nowMs);
  }

  /** Quote that a resting order could take now: of the last known book, else of its signal; undefined if both are too old. */
  #quoteFor({ order, signal }: WorkingOrder, nowMs: number): Quote | undefined {
    const book = this.#parts.venue.market.freshBook(order.symbol, nowMs);
    const known = book && quoteOf(book);
    return known ?? (isFresh(order.placed_ts, nowMs) ? signal.quote : undefined);
  }
}
