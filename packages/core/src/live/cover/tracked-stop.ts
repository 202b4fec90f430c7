import type { LiveStop, StopState, VenueStop } from '../venue-port.ts';
import { COVER_LIMITS } from './cover-limits.ts';

/** Order in which the venue's states of a stop follow each other. Final states share the last place: the first of them counts. */
const RANK: Readonly<Record<StopState, number>> = {
  NEW: 1,
  TRIGGERING: 2,
  TRIGGERED: 3,
  FINISHED: 4,
  CANCELED: 4,
  REJECTED: 4,
  EXPIRED: 4,
};

/**
 * What we know of a stop. SENT: the request is out. NOT_SENT: the venue did not take it. RESTING: the venue showed it. DOUBTED:
 * an answer is missing, or the venue does not find the stop. OVER: it closes nothing any more.
 */
export type StopPhase = 'SENT' | 'NOT_SENT' | 'RESTING' | 'DOUBTED' | 'TRIGGERING' | 'TRIGGERED' | 'OVER';

/** The venue's last answer about a stop. */
type LastWord = 'NONE' | 'SILENCE' | 'ABSENT' | 'NOT_SENT' | 'SHOWN';

/** One stop of ours with everything that the venue said of it. Reports may come twice and in any order. Times are epoch ms. */
export class TrackedStop {
  #terms: LiveStop;
  #state: StopState | undefined;
  #word: LastWord;
  #sentMs: number;
  #stateSinceMs: number;
  #tsEvent = 0;
  #sendAgainMs = 0;
  #wasAbsent = false;
  /** First and last answer in a row that the venue does not find it. */
  #absent: { readonly firstMs: number; readonly lastMs: number } | undefined;
  #shownMs = Number.NEGATIVE_INFINITY;
  /** Placement requests so far. */
  placements = 1;
  /** Last query, and the number of queries since the last answer that settled something. */
  askedMs = Number.NEGATIVE_INFINITY;
  asks = 0;
  /** The query whose answer made the cover ask the other family. */
  orderAskedMs: number | undefined;
  /** Last cancel request; `undefined`: none yet. */
  cancelMs: number | undefined;
  cancels = 0;
  /** It is gone, and another stop takes its place. */
  isReplaced = false;

  private constructor(terms: LiveStop, word: LastWord, nowMs: number) {
    this.#terms = terms;
    this.#word = word;
    this.#sentMs = nowMs;
    this.#stateSinceMs = nowMs;
  }

  /** A stop whose request goes out now. */
  static placed(terms: LiveStop, nowMs: number): TrackedStop {
    return new TrackedStop(terms, 'NONE', nowMs);
  }

  /** A stop of ours that the venue shows, placed by an earlier process. */
  static adopted(shown: VenueStop, nowMs: number): TrackedStop {
    const { clientAlgoId, symbol, action, quantity, triggerPrice } = shown;
    const stop = new TrackedStop({ clientAlgoId, symbol, action, quantity, triggerPrice }, 'SHOWN', nowMs);
    stop.onShown(shown, nowMs);
    return stop;
  }

  get terms(): LiveStop {
    return this.#terms;
  }
  get id(): string {
    return this.#terms.clientAlgoId;
  }
  /** The venue's state; `undefined` as long as it never showed the stop. */
  get state(): StopState | undefined {
    return this.#state;
  }
  get sentMs(): number {
    return this.#sentMs;
  }
  /** Since when the stop has its state. */
  get stateSinceMs(): number {
    return this.#stateSinceMs;
  }
  get lastWord(): LastWord {
    return this.#word;
  }
  /** True if it closes nothing any more. */
  get isOver(): boolean {
    return this.phase === 'OVER';
  }
  /** When the venue showed it last. */
  get shownMs(): number {
    return this.#shownMs;
  }
  /** True while the order that it became should be closing the position. */
  get isTriggered(): boolean {
    return this.#state === 'TRIGGERING' || this.#state === 'TRIGGERED';
  }
  /** True if the venue answered that it does not know the stop, and never showed it. */
  get isMissing(): boolean {
    return this.#wasAbsent && this.#state === undefined;
  }
  /** True if it rested, and the venue's lists and queries have not found it for a while. */
  get isGone(): boolean {
    if (this.#state !== 'NEW' || this.#word !== 'ABSENT' || this.#absent === undefined) return false;
    return this.#absent.lastMs - this.#absent.firstMs >= COVER_LIMITS.goneMs;
  }
  /** When a placement that the venue did not look at may go out again. */
  get sendAgainMs(): number {
    return this.#sendAgainMs;
  }

  get phase(): StopPhase {
    const state = this.#state;
    if (state === undefined) {
      if (this.#word === 'NOT_SENT') return 'NOT_SENT';
      return this.#word === 'NONE' ? 'SENT' : 'DOUBTED';
    }
    if (state === 'TRIGGERING' || state === 'TRIGGERED') return state;
    if (state !== 'NEW') return 'OVER';
    return this.#word === 'SHOWN' ? 'RESTING' : 'DOUBTED';
  }

  /** The venue shows the stop: in an answer, in the user stream or in a snapshot. */
  onShown(shown: VenueStop, nowMs: number): void {
    const before = this.#state;
    const rank = before === undefined ? 0 : RANK[before];
    const isNews = RANK[shown.state] > rank;
    if (isNews) this.#stateSinceMs = nowMs;
    if (RANK[shown.state] < rank || rank === 4) return;
    this.#state = shown.state;
    this.#word = 'SHOWN';
    this.#shownMs = nowMs;
    this.#absent = undefined;
    this.isReplaced = false;
    if (isNews || shown.state === 'NEW') this.asks = 0;
    if (shown.state !== 'NEW' || shown.tsEvent < this.#tsEvent) return;
    // The venue shrinks a reduce-only quantity by itself.
    this.#tsEvent = shown.tsEvent;
    this.#terms = { ...this.#terms, quantity: shown.quantity, triggerPrice: shown.triggerPrice };
  }

  /** The venue lists it as open later than it said that the stop was over: the venue is right. */
  onShownAfterEnd(shown: VenueStop, nowMs: number): void {
    this.#state = undefined;
    this.cancelMs = undefined;
    this.onShown(shown, nowMs);
  }

  /** The order that the stop became exists, or has ended: the stop triggered. */
  onOrder(isOver: boolean, nowMs: number): void {
    const state = isOver ? 'FINISHED' : 'TRIGGERED';
    if (this.#state !== undefined && RANK[this.#state] >= RANK[state]) return;
    this.#state = state;
    this.#stateSinceMs = nowMs;
    this.#word = 'SHOWN';
  }

  /** No answer, or none that tells whether the request was carried out. */
  onSilence(): void {
    if (this.phase !== 'OVER') this.#word = 'SILENCE';
  }

  /** The venue does not find it. That proves nothing, so the stop stays in doubt. */
  onAbsent(nowMs: number): void {
    if (this.phase === 'OVER') return;
    this.#absent = { firstMs: this.#absent?.firstMs ?? nowMs, lastMs: nowMs };
    this.#word = 'ABSENT';
    this.#wasAbsent = true;
  }

  /** The venue did not look at the last request. Only that of the placement says something about the stop. */
  onNotSent(retryAfterMs: number, nowMs: number): void {
    if (this.#state !== undefined || this.askedMs >= this.#sentMs || this.cancelMs !== undefined) return;
    this.#word = 'NOT_SENT';
    this.#sendAgainMs = nowMs + retryAfterMs;
  }

  /** The same id goes out again, with what is needed now: a stop that exists makes the venue refuse it as a duplicate. */
  onSentAgain(terms: LiveStop, nowMs: number): void {
    this.#terms = terms;
    this.#word = 'NONE';
    this.#sentMs = nowMs;
    this.placements += 1;
  }
}
