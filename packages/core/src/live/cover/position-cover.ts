import type { StopCover } from '@helios/shared/domain/position.ts';
import type { OrderEvent } from '@helios/shared/domain/venue-event.ts';
import type { VenueCommand, VenueNews, VenueStop } from '../venue-port.ts';
import type { CloseDemand } from './close-demand.ts';
import { COVER_LIMITS } from './cover-limits.ts';
import { planCover } from './cover-plan.ts';
import { CoverRequests } from './cover-requests.ts';
import { type CoverTarget, isFor, nearestPrice, stopTermsOf } from './cover-target.ts';
import { CoverWatch } from './cover-watch.ts';
import { PlacementFailures } from './placement-failures.ts';
import { refusalMeaning } from './refusal-meaning.ts';
import { type StopGrid, StopPriceLimit } from './stop-price-limit.ts';
import { TrackedStop } from './tracked-stop.ts';
import { TrackedStops } from './tracked-stops.ts';

/** Inputs of the cover of one symbol. */
export interface PositionCoverOptions {
  readonly symbol: string;
  /** Client id of the n-th stop of the present position, n from 1. Ids that are known to be used are skipped. */
  readonly stopIdOf: (attempt: number) => string;
  /** True for the id of a stop that this fleet placed, also in an earlier process. Other stops are never touched. */
  readonly isOurs: (clientAlgoId: string) => boolean;
  /** The position is closed if no stop covers it for longer while the venue answers, ms. */
  readonly deadlineMs: number;
  readonly grid: StopGrid;
}

/** What the venue said with the end of a stop. */
interface Said {
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/**
 * Keeps one reduce-only stop per position on the venue, at the wanted price and for the whole quantity. A stop moves by placing
 * the new one first, and only in favour of the position; the old one is cancelled once the venue shows the new one. While no stop covers the position, the cover
 * watches the stop price itself. After a start the first snapshot must arrive before the first `want`; nothing is removed before.
 */
export class PositionCover {
  readonly #options: PositionCoverOptions;
  readonly #stops: TrackedStops;
  readonly #requests = new CoverRequests();
  readonly #failures = new PlacementFailures();
  readonly #price: StopPriceLimit;
  readonly #watch: CoverWatch;
  #target: CoverTarget | undefined;
  /** False until somebody said what is wanted. */
  #isKnown = false;
  #nowMs = 0;
  #attempt = 0;
  #placedMs = Number.NEGATIVE_INFINITY;
  #replacedMs = Number.NEGATIVE_INFINITY;

  constructor(options: PositionCoverOptions) {
    this.#options = options;
    this.#stops = new TrackedStops(options.symbol, options.isOurs);
    this.#price = new StopPriceLimit(options.grid);
    this.#watch = new CoverWatch(options.deadlineMs, this.#failures);
  }

  /** Sets the stop that the position needs; `undefined`: flat, so that all stops are removed. */
  want(target: CoverTarget | undefined, nowMs: number): void {
    if (target === undefined || target.side !== this.#target?.side) this.#forgetPosition();
    this.#target = target;
    this.#isKnown = true;
    this.#review(nowMs);
  }

  /** Applies news of stops, and of the orders that triggered stops became. Other news is ignored. */
  onNews(news: VenueNews, nowMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    switch (news.kind) {
      case 'STOP':
        this.#onStop(news.stop, { code: news.code, message: news.message });
        break;
      case 'STOP_UNKNOWN':
        this.#stops.get(news.clientAlgoId)?.onSilence();
        break;
      case 'STOP_NOT_SENT':
        this.#stops.get(news.clientAlgoId)?.onNotSent(news.retryAfterMs, this.#nowMs);
        break;
      case 'STOP_ABSENT':
        this.#onAbsent(this.#stops.get(news.clientAlgoId));
        break;
      case 'STOP_FILL':
        this.#onOrder(news.clientAlgoId, 'FILL');
        break;
      case 'ORDER':
        this.#onOrder(news.event.client_order_id, news.event.kind);
        break;
      default:
        return;
    }
    this.#review(nowMs);
  }

  /** Compares with all stops that the venue shows on the account, asked for after `tsAsked`. */
  onSnapshot(stops: readonly VenueStop[], tsAsked: number, nowMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    for (const stop of this.#stops.compare(stops, tsAsked, nowMs)) this.#onAbsent(stop);
    this.#review(nowMs);
  }

  onPrice(markPrice: number, nowMs: number): void {
    this.#watch.onMark(markPrice, nowMs);
    this.#review(nowMs);
  }

  onTimer(nowMs: number): void {
    this.#review(nowMs);
  }

  takeCommands(): readonly VenueCommand[] {
    return this.#requests.take();
  }

  /** How the position is protected; `undefined` while it is flat. */
  state(): StopCover | undefined {
    if (this.#target === undefined) return undefined;
    const { bareSinceMs } = this.#watch;
    return { ...this.#stops.coverOf(this.#target), ...(bareSinceMs !== undefined && { bare_since_ts: bareSinceMs }) };
  }

  /** Why the position must be closed at the market now. It stays as long as the reason does. */
  closeDemand(): CloseDemand | undefined {
    return this.#target && this.#watch.demandOf(this.#target, this.#stops.open(), this.#nowMs);
  }

  #onStop(shown: VenueStop, said: Said): void {
    const stop = this.#stops.getOrAdopt(shown, this.#nowMs);
    if (stop === undefined) return;
    const { state: before, isOver: wasOver } = stop;
    if (shown.state === 'REJECTED' && before === undefined && refusalMeaning(said.code) === 'EXISTS') {
      stop.onSilence();
      return;
    }
    stop.onShown(shown, this.#nowMs);
    this.#stops.file(stop);
    if (wasOver || !stop.isOver) return;
    if (stop.state === 'FINISHED') this.#watch.onFinished(this.#nowMs);
    else this.#onLost(stop, said, before !== undefined);
  }

  /** A stop ended without closing the position, or never came to be. */
  #onLost(stop: TrackedStop, { code, message = '' }: Said, wasShown: boolean): void {
    const target = this.#target;
    if (target === undefined || !isFor(target, stop)) return;
    const said = `${stop.state} ${code ?? ''} ${message}`.replace(/\s+/g, ' ').trim();
    this.#failures.add(said, this.#nowMs);
    if (stop.state !== 'REJECTED') return;
    if (wasShown) this.#failed(stop, said);
    else this.#onRefused(stop, target, refusalMeaning(code));
  }

  #onRefused({ terms }: TrackedStop, target: CoverTarget, meaning: ReturnType<typeof refusalMeaning>): void {
    const reason = `the price is beyond ${terms.triggerPrice}, says the venue`;
    if (meaning === 'PASSED') this.#watch.demand({ code: 'STOP_PASSED', reason }, this.#nowMs);
    if (meaning === 'NO_POSITION') this.#requests.takeSnapshot();
    if (meaning === 'TOO_FAR') this.#price.onTooFar(target, terms.triggerPrice, this.#watch.markPrice);
  }

  #onAbsent(stop: TrackedStop | undefined): void {
    if (stop === undefined) return;
    stop.onAbsent(this.#nowMs);
    if (stop.phase === 'DOUBTED' && stop.state !== undefined) this.#requests.queryOrder(stop);
  }

  #onOrder(id: string, kind: OrderEvent['kind']): void {
    const stop = this.#stops.get(id);
    if (stop === undefined || stop.isOver) return;
    const isNeeded = this.#target !== undefined && isFor(this.#target, stop);
    stop.onOrder(kind !== 'ACCEPTED' && kind !== 'FILL', this.#nowMs);
    this.#stops.file(stop);
    if (kind === 'REJECTED' && isNeeded) this.#failed(stop, 'its order was rejected');
    else if (stop.isOver) this.#watch.onFinished(this.#nowMs);
  }

  /** The stop triggered and did not close the position. */
  #failed({ id }: TrackedStop, why: string): void {
    this.#watch.demand({ code: 'STOP_REJECTED', reason: `stop ${id} failed as it triggered: ${why}` }, this.#nowMs);
  }

  #forgetPosition(): void {
    this.#attempt = 0;
    this.#placedMs = Number.NEGATIVE_INFINITY;
    this.#replacedMs = Number.NEGATIVE_INFINITY;
    this.#failures.forget();
    this.#price.forget();
    this.#watch.forget();
  }

  /** Brings requests, cover and demands up to date. It changes nothing if nothing happened. */
  #review(nowMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    if (!this.#isKnown) return;
    const target = this.#target && this.#acceptable(this.#target);
    for (const stop of this.#stops.open()) {
      const isNeeded = target !== undefined && isFor(target, stop);
      this.#requests.attend(stop, isNeeded ? stopTermsOf(stop.terms, target) : undefined, this.#nowMs);
    }
    if (target) this.#replaceGone(target);
    const plan = planCover(this.#stops.open(), target);
    for (const stop of plan.remove) this.#requests.cancel(stop, this.#nowMs);
    for (const stop of plan.drop) this.#stops.close(stop);
    if (target && plan.next !== 'NOTHING' && this.#mayPlace(target, plan.next)) this.#place(target);
    if (this.#target) this.#watch.review(this.#target, this.#stops.open(), this.#nowMs);
  }

  /** A stop that is gone makes room for another one. If the venue shows it again, one of the two is removed. */
  #replaceGone(target: CoverTarget): void {
    for (const stop of this.#stops.open()) {
      if (!stop.isGone || stop.isReplaced || !isFor(target, stop)) continue;
      if (this.#nowMs - this.#replacedMs < COVER_LIMITS.replaceMs) return;
      stop.isReplaced = true;
      this.#replacedMs = this.#nowMs;
    }
  }

  /** The target with the price that the venue accepts and that is no step back. */
  #acceptable(target: CoverTarget): CoverTarget {
    const accepted = { ...target, stopPrice: this.#price.of(target) };
    return { ...accepted, stopPrice: nearestPrice(accepted, this.#stops.open()) };
  }

  #mayPlace(target: CoverTarget, next: 'PLACE' | 'MOVE'): boolean {
    if (!this.#failures.mayTry(this.#nowMs) || !this.#watch.mayPlace(target, this.#nowMs)) return false;
    return next === 'PLACE' || this.#nowMs - this.#placedMs >= COVER_LIMITS.moveMs;
  }

  #place(target: CoverTarget): void {
    this.#placedMs = this.#nowMs;
    const terms = stopTermsOf({ clientAlgoId: this.#nextId(), symbol: this.#options.symbol }, target);
    this.#stops.add(TrackedStop.placed(terms, this.#nowMs));
    this.#requests.place(terms);
  }

  #nextId(): string {
    for (;;) {
      this.#attempt += 1;
      const id = this.#options.stopIdOf(this.#attempt);
      if (this.#stops.get(id) === undefined) return id;
    }
  }
}
