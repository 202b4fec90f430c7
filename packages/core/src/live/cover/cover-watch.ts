import { beyondSince, type CloseDemand, demandOf } from './close-demand.ts';
import { COVER_LIMITS } from './cover-limits.ts';
import { type CoverTarget, coversWhole, isBeyond, isFor } from './cover-target.ts';
import type { PlacementFailures } from './placement-failures.ts';
import type { TrackedStop } from './tracked-stop.ts';

/** Watches one position: since when it is bare, and whether it must be closed. Times are epoch ms. */
export class CoverWatch {
  readonly #deadlineMs: number;
  readonly #failures: PlacementFailures;
  #mark: { readonly price: number; readonly ts: number } | undefined;
  #bareSinceMs: number | undefined;
  #coveredSinceMs: number | undefined;
  #beyondSinceMs: number | undefined;
  /** When the order of a triggered stop ended: its fills may still be on their way. */
  #finishedMs = Number.NEGATIVE_INFINITY;
  /** A demand that only a flat position ends. */
  #final: CloseDemand | undefined;
  #finalMs = 0;

  constructor(deadlineMs: number, failures: PlacementFailures) {
    this.#deadlineMs = deadlineMs;
    this.#failures = failures;
  }

  get markPrice(): number | undefined {
    return this.#mark?.price;
  }
  /** Since when no stop covers the whole position; `undefined` while one does. */
  get bareSinceMs(): number | undefined {
    return this.#bareSinceMs;
  }

  onMark(price: number, ts: number): void {
    this.#mark = { price, ts };
  }

  /** The order of a triggered stop ended. */
  onFinished(nowMs: number): void {
    this.#finishedMs = nowMs;
  }

  /** Demands that the position is closed, until it is flat. The first reason stays. */
  demand(demand: CloseDemand, nowMs: number): void {
    if (this.#final !== undefined) return;
    this.#final = demand;
    this.#finalMs = nowMs;
  }

  /** False while the position is about to be closed. If it is open for long after that, a stop may be possible again. */
  mayPlace({ side, stopPrice }: CoverTarget, nowMs: number): boolean {
    if (this.#awaitsFills(nowMs)) return false;
    if (this.#final === undefined) return true;
    const mark = this.#freshMark(nowMs);
    return nowMs - this.#finalMs >= COVER_LIMITS.retryMs && mark !== undefined && !isBeyond(side, mark, stopPrice);
  }

  /** Brings all times up to date, and watches the stop price while no stop covers the position. */
  review(target: CoverTarget, stops: readonly TrackedStop[], nowMs: number): void {
    const isCovered = stops.some((stop) => coversWhole(target, stop));
    this.#bareSinceMs = isCovered ? undefined : (this.#bareSinceMs ?? nowMs);
    this.#coveredSinceMs = isCovered ? (this.#coveredSinceMs ?? nowMs) : undefined;
    if (isCovered && nowMs - (this.#coveredSinceMs ?? nowMs) >= COVER_LIMITS.settledMs) this.#failures.forget();
    const mark = this.#freshMark(nowMs);
    this.#beyondSinceMs = beyondSince(target, stops, mark, { before: this.#beyondSinceMs, nowMs });
    const isClosing = this.#awaitsFills(nowMs) || stops.some((stop) => isFor(target, stop) && stop.isTriggered);
    if (isCovered || isClosing || mark === undefined || !isBeyond(target.side, mark, target.stopPrice)) return;
    const reason = `the mark price ${mark} reached ${target.stopPrice} while no stop covered the position`;
    this.demand({ code: 'STOP_PASSED', reason }, nowMs);
  }

  demandOf(target: CoverTarget, stops: readonly TrackedStop[], nowMs: number): CloseDemand | undefined {
    if (this.#final || this.#awaitsFills(nowMs)) return this.#final;
    return demandOf({
      target,
      stops,
      nowMs,
      deadlineMs: this.#deadlineMs,
      bareSinceMs: this.#bareSinceMs,
      beyondSinceMs: this.#beyondSinceMs,
      failures: this.#failures.count,
      failure: this.#failures.said,
    });
  }

  /** The position is flat, or another one. */
  forget(): void {
    this.#bareSinceMs = undefined;
    this.#coveredSinceMs = undefined;
    this.#beyondSinceMs = undefined;
    this.#finishedMs = Number.NEGATIVE_INFINITY;
    this.#final = undefined;
  }

  #awaitsFills(nowMs: number): boolean {
    return nowMs - this.#finishedMs < COVER_LIMITS.fillsMs;
  }

  #freshMark(nowMs: number): number | undefined {
    return this.#mark && nowMs - this.#mark.ts < COVER_LIMITS.markMaxAgeMs ? this.#mark.price : undefined;
  }
}
