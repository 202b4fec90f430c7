import type { StopCover } from '@helios/shared/domain/position.ts';
import { signOf } from '../../strategy/side-sign.ts';
import type { VenueStop } from '../venue-port.ts';
import { type CoverTarget, coversWhole, isFor } from './cover-target.ts';
import { TrackedStop } from './tracked-stop.ts';

/** Stops that stay known after they are over: late reports must not open them again. */
const MAX_OVER = 1_000;

/** The stops of ours on one symbol, open and over. */
export class TrackedStops {
  readonly #symbol: string;
  readonly #isOurs: (clientAlgoId: string) => boolean;
  readonly #open = new Map<string, TrackedStop>();
  readonly #over = new Map<string, TrackedStop>();

  constructor(symbol: string, isOurs: (clientAlgoId: string) => boolean) {
    this.#symbol = symbol;
    this.#isOurs = isOurs;
  }

  /** Stops that are not over, oldest first. */
  open(): readonly TrackedStop[] {
    return [...this.#open.values()];
  }

  get(id: string): TrackedStop | undefined {
    return this.#open.get(id) ?? this.#over.get(id);
  }

  add(stop: TrackedStop): void {
    this.#open.set(stop.id, stop);
  }

  /** The stop that the venue shows; one of ours from an earlier process is adopted while it is open. */
  getOrAdopt(shown: VenueStop, nowMs: number): TrackedStop | undefined {
    const known = this.get(shown.clientAlgoId);
    if (known || shown.symbol !== this.#symbol || !this.#isOurs(shown.clientAlgoId)) return known;
    const stop = TrackedStop.adopted(shown, nowMs);
    if (stop.phase === 'OVER') return undefined;
    this.add(stop);
    return stop;
  }

  /** Files a stop by its phase, after a report. */
  file(stop: TrackedStop): void {
    if (stop.phase !== 'OVER') {
      this.#over.delete(stop.id);
      if (!this.#open.has(stop.id)) this.add(stop);
      return;
    }
    this.close(stop);
  }

  /** Stops following a stop that is over or that was never sent. A later report about it is still understood. */
  close(stop: TrackedStop): void {
    this.#open.delete(stop.id);
    this.#over.set(stop.id, stop);
    const oldest = this.#over.keys().next().value;
    if (this.#over.size > MAX_OVER && oldest !== undefined) this.#over.delete(oldest);
  }

  /**
   * Applies all stops that the venue shows on the account.
   * @returns the stops that it showed before `tsAsked` and does not show now
   */
  compare(shown: readonly VenueStop[], tsAsked: number, nowMs: number): readonly TrackedStop[] {
    for (const each of shown) this.#onListed(each, tsAsked, nowMs);
    const listed = new Set(shown.map(({ clientAlgoId }) => clientAlgoId));
    const missing = this.open().filter(({ id }) => !listed.has(id));
    for (const stop of missing) if (isGone(stop, tsAsked)) this.close(stop);
    return missing.filter((stop) => stop.phase === 'RESTING' && stop.shownMs < tsAsked);
  }

  /** How the stops protect the position. */
  coverOf(target: CoverTarget): Pick<StopCover, 'state' | 'stop_price' | 'quantity'> {
    const own = this.open().filter((stop) => isFor(target, stop));
    const covering = own.filter((stop) => coversWhole(target, stop));
    const sizes = own.filter(({ phase }) => phase === 'RESTING').map(({ terms }) => terms.quantity || target.quantity);
    const prices = covering.map(({ terms }) => terms.triggerPrice);
    const [nearest] = prices.toSorted((a, b) => signOf(target.side) * (b - a));
    return { state: stateOf(own, covering), stop_price: nearest ?? target.stopPrice, quantity: Math.max(0, ...sizes) };
  }

  #onListed(shown: VenueStop, tsAsked: number, nowMs: number): void {
    const stop = this.getOrAdopt(shown, nowMs);
    if (stop?.phase === 'OVER' && stop.stateSinceMs < tsAsked) stop.onShownAfterEnd(shown, nowMs);
    else stop?.onShown(shown, nowMs);
    if (stop) this.file(stop);
  }
}

/** A stop that was to be removed, that a query did not find and that the venue does not list either. */
function isGone(stop: TrackedStop, tsAsked: number): boolean {
  return stop.cancelMs !== undefined && stop.cancelMs < tsAsked && stop.lastWord === 'ABSENT';
}

function stateOf(own: readonly TrackedStop[], covering: readonly TrackedStop[]): StopCover['state'] {
  if (covering.length > 0) return 'COVERED';
  if (own.some(({ phase }) => phase === 'SENT')) return 'PLACING';
  return own.some(({ phase }) => phase !== 'RESTING' && phase !== 'NOT_SENT') ? 'UNKNOWN' : 'UNCOVERED';
}
