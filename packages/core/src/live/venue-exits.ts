import type { OpenPosition } from '@helios/shared/domain/position.ts';
import type { ExitReason, TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Fill } from '@helios/shared/domain/venue-event.ts';
import { endAnswer, fillAnswer } from './live-answers.ts';
import type { LiveContext } from './live-context.ts';
import { ownExit } from './own-exit.ts';

/** A fill that closes a position without an order of `LiveOrders`: of a stop, of the venue, or of somebody else. */
export interface VenueExit {
  readonly position: OpenPosition;
  readonly reason: ExitReason;
  /** The same for all fills of one order. */
  readonly key: string;
  readonly why: string;
  readonly fill: Fill;
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

  constructor(context: LiveContext) {
    this.#context = context;
  }

  /** True if the fill changed the position. */
  apply({ position, reason, key, why, fill }: VenueExit, nowMs: number): boolean {
    const { positions, outbox } = this.#context;
    const { symbol, signal_id, side } = position;
    const made = ownExit(position, { reason, key, price: fill.price, why }, nowMs);
    const { signal, receivedTs } = this.#open.get(made.signal_id) ?? { signal: made, receivedTs: nowMs };
    const applied = positions.applyExit(signal_id, signal, fill);
    if (applied.kind === 'REPEATED' || applied.kind === 'NO_POSITION') return false;
    const isLast = positions.find(symbol, side)?.signal_id !== signal_id;
    const times = { received_ts: receivedTs, venue_ts: fill.ts_event };
    const context = { clientOrderId: fill.client_order_id, isLast, isOwnSignal: true, times };
    outbox.answer(fillAnswer(signal, fill, context, nowMs));
    outbox.change(symbol);
    if (isLast) this.#open.delete(signal.signal_id);
    else this.#open.set(signal.signal_id, { signal, receivedTs });
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
