import type { Fill } from '@helios/shared/domain/venue-event.ts';
import type { LiveStop, StopState, VenueCommand, VenueNews, VenueStop } from '../live/venue-port.ts';
import { addQuantity } from '../price/significant-digits.ts';

/**
 * What happens to the next request. ANSWER_LOST: it is carried out, the answer is UNKNOWN. SILENT: carried out, nothing comes back.
 * REQUEST_LOST: not carried out, the answer is UNKNOWN. NOT_SENT: not carried out, and the sender knows.
 */
export type VenueMishap = 'ANSWER_LOST' | 'SILENT' | 'REQUEST_LOST' | 'NOT_SENT';

/** A command about a stop. */
type StopCommand = Extract<VenueCommand, { kind: 'PLACE_STOP' | 'CANCEL_STOP' | 'QUERY_STOP' }>;

interface HeldStop {
  readonly stop: LiveStop;
  state: StopState;
  readonly tsEvent: number;
}

interface StopHost {
  readonly tell: (news: VenueNews) => void;
  readonly nextFault: () => VenueMishap | undefined;
  readonly isDown: () => boolean;
  /** Closes at most this much at the market; undefined if there was nothing to close. */
  readonly close: (stop: LiveStop) => Fill | undefined;
}

/** The stops of the fake venue. */
export class FakeStops {
  readonly #host: StopHost;
  readonly #held = new Map<string, HeldStop>();
  /** A stop that triggers hangs, and closes nothing. */
  sticks = false;

  constructor(host: StopHost) {
    this.#host = host;
  }

  /** Stops that wait for their trigger price. */
  resting(): VenueStop[] {
    return [...this.#held.values()].filter(({ state }) => state === 'NEW').map(stopOf);
  }

  /** All stops are gone without a word. */
  forget(): void {
    this.#held.clear();
  }

  /** Quantity of all resting stops, base currency. */
  quantity(): number {
    return this.resting().reduce((sum, { quantity }) => addQuantity(sum, quantity), 0);
  }

  carryOut(command: StopCommand, nowMs: number): void {
    if (command.kind === 'PLACE_STOP') this.#place(command.stop, nowMs);
    if (command.kind === 'CANCEL_STOP') this.cancel(command.clientAlgoId);
    if (command.kind === 'QUERY_STOP') this.#query(command.clientAlgoId);
  }

  cancel(clientAlgoId: string): void {
    const held = this.#held.get(clientAlgoId);
    if (this.#host.isDown()) return;
    if (held?.state === 'NEW') held.state = 'CANCELED';
    this.#query(clientAlgoId);
  }

  #place(stop: LiveStop, nowMs: number): void {
    const { clientAlgoId } = stop;
    const { tell, nextFault } = this.#host;
    const fault = nextFault();
    if (fault === 'NOT_SENT') {
      tell({ kind: 'STOP_NOT_SENT', clientAlgoId, detail: 'told so', retryAfterMs: 200 });
      return;
    }
    if (fault !== 'REQUEST_LOST') this.#held.set(clientAlgoId, { stop, state: 'NEW', tsEvent: nowMs });
    if (fault === 'SILENT') return;
    if (fault !== undefined) tell({ kind: 'STOP_UNKNOWN', clientAlgoId, detail: 'told so' });
    else this.#query(clientAlgoId);
  }

  #query(clientAlgoId: string): void {
    const held = this.#held.get(clientAlgoId);
    if (this.#host.isDown()) return;
    this.#host.tell(held ? { kind: 'STOP', stop: stopOf(held) } : { kind: 'STOP_ABSENT', clientAlgoId });
  }

  /** Triggers the stops that the mark price has reached. */
  onMark(mark: number): void {
    for (const held of this.#held.values()) {
      const { action, triggerPrice } = held.stop;
      const isReached = action === 'SELL' ? mark <= triggerPrice : mark >= triggerPrice;
      if (held.state === 'NEW' && isReached) this.#trigger(held);
    }
  }

  #trigger(held: HeldStop): void {
    if (this.sticks) {
      held.state = 'TRIGGERING';
      this.#host.tell({ kind: 'STOP', stop: stopOf(held) });
      return;
    }
    const { clientAlgoId, symbol } = held.stop;
    const fill = this.#host.close(held.stop);
    held.state = fill ? 'FINISHED' : 'EXPIRED';
    if (fill) this.#host.tell({ kind: 'STOP_FILL', clientAlgoId, symbol, fill });
    this.#host.tell({ kind: 'STOP', stop: stopOf(held) });
  }
}

function stopOf({ stop, state, tsEvent }: HeldStop): VenueStop {
  return { ...stop, state, reduceOnly: true, tsEvent };
}
