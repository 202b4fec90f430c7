import type { Side } from '@helios/shared/domain/signal.ts';
import { isBeyond } from '../../src/live/cover/cover-target.ts';
import type { LiveStop, StopState, VenueCommand, VenueNews, VenueStop } from '../../src/live/venue-port.ts';
import { SYMBOL } from './cover-harness.ts';

/** What becomes of a request. MUTE: no answer arrives at all. AFTER: it was carried out all the same. */
export type Outcome = 'OK' | 'NOT_SENT' | 'LOST_BEFORE' | 'LOST_AFTER' | 'MUTE_BEFORE' | 'MUTE_AFTER' | 'REFUSED';

interface StopOnVenue {
  readonly terms: LiveStop;
  state: StopState;
}

/** The stops and the position of one symbol on a venue, behind a connection that loses requests and answers. */
export class FakeStopVenue {
  readonly stops = new Map<string, StopOnVenue>();
  /** Requests on their way to the venue, and news on its way back. */
  readonly requests: VenueCommand[] = [];
  readonly news: VenueNews[] = [];
  side: Side = 'LONG';
  quantity = 0;
  mark = 100;
  nowMs = 1_000_000;
  /** Queries find no stop, although it rests. */
  isForgetful = false;

  /** Open stops that Helios placed. */
  own(): StopOnVenue[] {
    return [...this.stops.values()].filter(
      ({ terms, state }) => state === 'NEW' && terms.clientAlgoId.startsWith('he-'),
    );
  }

  /** Sets the position; the user stream reports it. */
  setPosition(quantity: number): void {
    this.quantity = quantity;
    // No two positions have the same time.
    this.nowMs += 1;
    const signedQuantity = this.side === 'LONG' ? quantity : -quantity;
    this.news.push({ kind: 'POSITION', symbol: SYMBOL, signedQuantity, entryPrice: 100, tsEvent: this.nowMs });
  }

  /** Moves the mark price, and triggers the stops that it reaches. */
  setMark(price: number): void {
    this.mark = price;
    for (const stop of this.stops.values()) {
      const side = stop.terms.action === 'SELL' ? 'LONG' : 'SHORT';
      if (stop.state === 'NEW' && isBeyond(side, price, stop.terms.triggerPrice)) this.#trigger(stop, side);
    }
  }

  /** Somebody else removes a stop. */
  remove(stop: StopOnVenue): void {
    this.#report(stop, 'CANCELED');
  }

  carryOut(command: VenueCommand, outcome: Outcome): void {
    if (command.kind === 'TAKE_SNAPSHOT') this.takeSnapshot();
    if (command.kind === 'QUERY_ORDER') this.news.push({ kind: 'ORDER_ABSENT', clientOrderId: command.clientOrderId });
    const id = idOf(command);
    if (id === undefined) return;
    const before = this.news.length;
    if (outcome === 'OK' || outcome.endsWith('AFTER')) this.#execute(command);
    if (outcome === 'REFUSED' && command.kind === 'PLACE_STOP') this.#refuse(command.stop, '-1106');
    if (outcome.endsWith('AFTER')) this.news.splice(before);
    if (outcome.startsWith('LOST')) this.news.push({ kind: 'STOP_UNKNOWN', clientAlgoId: id, detail: 'lost' });
    if (outcome === 'NOT_SENT')
      this.news.push({ kind: 'STOP_NOT_SENT', clientAlgoId: id, detail: 'limit', retryAfterMs: 200 });
  }

  takeSnapshot(): void {
    this.news.push({ kind: 'SNAPSHOT', snapshot: { tsAsked: this.nowMs, stops: this.listed() } as never });
  }

  /** The stops that the venue shows. */
  listed(): VenueStop[] {
    return this.isForgetful
      ? []
      : [...this.stops.values()].filter(({ state }) => state === 'NEW').map((stop) => this.#shown(stop));
  }

  #execute(command: VenueCommand): void {
    if (command.kind === 'PLACE_STOP') {
      this.#place(command.stop);
      return;
    }
    const id = idOf(command) ?? '';
    const stop = this.stops.get(id);
    if (stop === undefined || this.isForgetful) this.news.push({ kind: 'STOP_ABSENT', clientAlgoId: id });
    else if (command.kind === 'CANCEL_STOP' && stop.state === 'NEW') this.#report(stop, 'CANCELED');
    else this.news.push({ kind: 'STOP', stop: this.#shown(stop) });
  }

  #place(terms: LiveStop): void {
    const isDouble = this.stops.get(terms.clientAlgoId)?.state === 'NEW';
    const isPassed = isBeyond(terms.action === 'SELL' ? 'LONG' : 'SHORT', this.mark, terms.triggerPrice);
    if (isDouble || isPassed) {
      this.#refuse(terms, isDouble ? '-4116' : '-2021');
      return;
    }
    const stop: StopOnVenue = { terms, state: 'NEW' };
    this.stops.set(terms.clientAlgoId, stop);
    this.#report(stop, 'NEW');
    this.#report(stop, 'NEW');
  }

  #refuse(terms: LiveStop, code: string): void {
    this.news.push({ kind: 'STOP', stop: this.#shown({ terms, state: 'REJECTED' }), code });
  }

  #trigger(stop: StopOnVenue, side: Side): void {
    this.#report(stop, 'TRIGGERING');
    const hasPosition = side === this.side && this.quantity > 0;
    for (const state of hasPosition ? (['TRIGGERED', 'FINISHED'] as const) : (['REJECTED'] as const))
      this.#report(stop, state);
    if (hasPosition) this.setPosition(Math.max(this.quantity - stop.terms.quantity, 0));
  }

  #report(stop: StopOnVenue, state: StopState): void {
    stop.state = state;
    this.news.push({ kind: 'STOP', stop: this.#shown(stop) });
  }

  #shown({ terms, state }: StopOnVenue): VenueStop {
    return { ...terms, state, reduceOnly: true, tsEvent: this.nowMs };
  }
}

function idOf(command: VenueCommand): string | undefined {
  if (command.kind === 'PLACE_STOP') return command.stop.clientAlgoId;
  return command.kind === 'CANCEL_STOP' || command.kind === 'QUERY_STOP' ? command.clientAlgoId : undefined;
}
