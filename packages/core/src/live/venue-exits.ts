import type { OpenPosition } from '@helios/shared/domain/position.ts';
import type { ExitReason, TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Fill } from '@helios/shared/domain/venue-event.ts';
import { addQuantity } from '../price/significant-digits.ts';
import { endAnswer, fillAnswer } from './live-answers.ts';
import type { LiveContext } from './live-context.ts';
import { ownExit } from './own-exit.ts';
import { partOf } from './own-share.ts';

/** Trades remembered, so that a repeated one does not close the next position. */
const MAX_TRADES = 5_000;

/** A fill that closes a position without an order of `LiveOrders`: of a stop, of the venue, or of somebody else. */
export interface VenueExit {
  /** It is closed first; what is left of the fill closes the other positions of its symbol and side. */
  readonly position: OpenPosition;
  readonly reason: ExitReason;
  /** The same for all fills of one order. */
  readonly key: string;
  readonly why: string;
  readonly fill: Fill;
  /** An earlier position may have booked the trade by mistake. */
  readonly isBookedBefore?: true;
}

interface OpenExit {
  readonly signal: TradingSignal;
  readonly receivedTs: number;
}

/** Applies exits that the venue made, and answers for them. Each gets its own exit signal and one final answer. */
export class VenueExits {
  readonly #context: LiveContext;
  /** Exits with fills and without a final answer, by signal id. */
  readonly #open = new Map<string, OpenExit>();
  readonly #trades = new Set<string>();

  constructor(context: LiveContext) {
    this.#context = context;
  }

  /** True if the fill changed the position. */
  apply({ position, reason, key, why, fill, isBookedBefore }: VenueExit, nowMs: number): boolean {
    const { positions, outbox } = this.#context;
    const { symbol, side } = position;
    const made = ownExit(position, { reason, key, price: fill.price, why }, nowMs);
    const { signal, receivedTs } = this.#open.get(made.signal_id) ?? { signal: made, receivedTs: nowMs };
    const isNew = this.#isNew(symbol, fill.trade_id) || isBookedBefore;
    if (!isNew || !this.#applyTo(position, signal, fill)) return false;
    const isLast = positions.find(symbol, side) === undefined;
    const times = { received_ts: receivedTs, venue_ts: fill.ts_event };
    const context = { clientOrderId: fill.client_order_id, isLast, isOwnSignal: true, times };
    outbox.answer(fillAnswer(signal, fill, context, nowMs));
    outbox.change(symbol);
    if (isLast) this.#open.delete(signal.signal_id);
    else this.#open.set(signal.signal_id, { signal, receivedTs });
    return true;
  }

  /** A stop covers all positions of its side, so its fill may close several. More than is open belongs to an entry fill that comes later. */
  #applyTo(position: OpenPosition, exit: TradingSignal, fill: Fill): boolean {
    const { positions } = this.#context;
    let rest = addQuantity(fill.quantity, -position.quantity);
    const parts: [OpenPosition, number][] = [];
    for (const other of positions.of(position.symbol)) {
      if (other.side !== position.side || other.signal_id === position.signal_id || rest <= 0) continue;
      const part = Math.min(rest, other.quantity);
      parts.push([other, part]);
      rest = addQuantity(rest, -part);
    }
    const others = parts.reduce((sum, [, part]) => addQuantity(sum, part), 0);
    const own = partOf(fill, addQuantity(fill.quantity, -others));
    const { kind } = positions.applyExit(position.signal_id, exit, own);
    if (kind === 'REPEATED' || kind === 'NO_POSITION') return false;
    for (const [{ signal_id }, part] of parts) positions.applyExit(signal_id, exit, partOf(fill, part));
    return true;
  }

  #isNew(symbol: string, tradeId: string): boolean {
    const key = `${symbol} ${tradeId}`;
    if (this.#trades.has(key)) return false;
    this.#trades.add(key);
    const [oldest] = this.#trades;
    if (this.#trades.size > MAX_TRADES && oldest !== undefined) this.#trades.delete(oldest);
    return true;
  }

  /** Symbols with exits that have no final answer. */
  symbols(): string[] {
    return [...this.#open.values()].map(({ signal }) => signal.symbol);
  }

  /** Ends the exits of a symbol whose position was closed by something else. */
  onFlat(symbol: string, nowMs: number): void {
    for (const [id, { signal, receivedTs }] of this.#open) {
      if (signal.symbol !== symbol) continue;
      this.#open.delete(id);
      const end = { answer: 'CANCELLED', reason: 'another order closed the rest' } as const;
      this.#context.outbox.answer(endAnswer({ signal, isOwnSignal: true, receivedTs }, end, nowMs));
    }
  }
}
