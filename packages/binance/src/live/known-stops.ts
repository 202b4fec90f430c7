import type { StopState, VenueStop } from '@helios/core/live/venue-port.ts';
import type { AlgoReport } from '../orders/algo-report.ts';

/** A state never goes back: an answer may arrive after events that are newer. */
const RANK: Readonly<Record<StopState, number>> = {
  NEW: 0,
  TRIGGERING: 1,
  TRIGGERED: 2,
  FINISHED: 3,
  CANCELED: 3,
  REJECTED: 3,
  EXPIRED: 3,
};
const MAX_STOPS = 10_000;
/** Our ids of stops by their role letter, so that a stop of an earlier process is recognised. */
const STOP_ID = /^he-[0-9a-z]{24}-s/;

/** The stops that we placed or heard of: their newest state, and which order ids belong to triggered stops. */
export class KnownStops {
  readonly #stops = new Map<string, VenueStop | undefined>();

  /** Remembers an id before the venue has the stop. */
  expect(clientAlgoId: string): void {
    this.#set(clientAlgoId, this.#stops.get(clientAlgoId));
  }

  /** True if an order with this id is a triggered stop. */
  has(clientAlgoId: string): boolean {
    return STOP_ID.test(clientAlgoId) || this.#stops.has(clientAlgoId);
  }

  /** Takes a report over unless a newer one is known; returns the newest. */
  merge(stop: VenueStop): VenueStop {
    const known = this.#stops.get(stop.clientAlgoId);
    const isOlder = known !== undefined && RANK[stop.state] < RANK[known.state];
    const newest = isOlder ? known : stop;
    this.#set(stop.clientAlgoId, newest);
    return newest;
  }

  /** The newest report on a stop. */
  of(clientAlgoId: string): VenueStop | undefined {
    return this.#stops.get(clientAlgoId);
  }

  #set(id: string, stop: VenueStop | undefined): void {
    this.#stops.delete(id);
    this.#stops.set(id, stop);
    if (this.#stops.size <= MAX_STOPS) return;
    const [oldest] = this.#stops.keys();
    if (oldest !== undefined) this.#stops.delete(oldest);
  }
}

/** A stop as an answer or an event shows it. */
export function venueStopOf(report: Omit<AlgoReport, 'tsUpdate'>, tsEvent: number): VenueStop {
  const { clientAlgoId, symbol, side, state, quantity, triggerPrice, closePosition, reduceOnly } = report;
  return {
    ...{ clientAlgoId, symbol, action: side, state, tsEvent },
    quantity: closePosition ? 0 : Number(quantity),
    triggerPrice: Number(triggerPrice),
    reduceOnly: reduceOnly || closePosition,
  };
}
