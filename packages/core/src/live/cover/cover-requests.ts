import type { LiveStop, VenueCommand } from '../venue-port.ts';
import { COVER_LIMITS } from './cover-limits.ts';
import type { TrackedStop } from './tracked-stop.ts';

/** Collects the requests about stops, and decides when one is repeated. */
export class CoverRequests {
  #commands: VenueCommand[] = [];

  /** The requests since the last call, in order. */
  take(): readonly VenueCommand[] {
    const commands = this.#commands;
    this.#commands = [];
    return commands;
  }

  place(stop: LiveStop): void {
    this.#commands.push({ kind: 'PLACE_STOP', stop });
  }

  /** Asks to remove a stop. */
  cancel(stop: TrackedStop, nowMs: number): void {
    stop.cancelMs = nowMs;
    stop.cancels += 1;
    this.#commands.push({ kind: 'CANCEL_STOP', symbol: stop.terms.symbol, clientAlgoId: stop.id });
  }

  /**
   * Asks the other family: a stop that is not found there may have become an ordinary order with its id. Once per query of the stop,
   * because the answer may again be that it is not found.
   */
  queryOrder(stop: TrackedStop): void {
    if (stop.orderAskedMs === stop.askedMs) return;
    stop.orderAskedMs = stop.askedMs;
    this.#commands.push({ kind: 'QUERY_ORDER', symbol: stop.terms.symbol, clientOrderId: stop.id });
  }

  takeSnapshot(): void {
    this.#commands.push({ kind: 'TAKE_SNAPSHOT' });
  }

  /**
   * Repeats what a stop still needs: an answer, its removal, or its placement.
   * @param needed the terms of the stop that the position needs; `undefined` if it does not need this one
   */
  attend(stop: TrackedStop, needed: LiveStop | undefined, nowMs: number): void {
    if (stop.phase === 'SENT' && nowMs - stop.sentMs >= COVER_LIMITS.answerMs) stop.onSilence();
    if (needed && mayPlaceAgain(stop, nowMs)) {
      stop.onSentAgain(needed, nowMs);
      this.place(needed);
    }
    if (isCancelDue(stop, nowMs)) this.cancel(stop, nowMs);
    if (isAskDue(stop, nowMs)) this.#query(stop, nowMs);
  }

  #query(stop: TrackedStop, nowMs: number): void {
    stop.askedMs = nowMs;
    stop.asks += 1;
    this.#commands.push({ kind: 'QUERY_STOP', symbol: stop.terms.symbol, clientAlgoId: stop.id });
  }
}

/** True if the same id may go out again: it did not go out, or the venue does not know it long after it did and never showed it. */
function mayPlaceAgain(stop: TrackedStop, nowMs: number): boolean {
  if (stop.cancelMs !== undefined) return false;
  if (stop.phase === 'NOT_SENT') return nowMs >= stop.sendAgainMs;
  const isOld = nowMs - stop.sentMs >= COVER_LIMITS.absentGraceMs;
  const isAbsent = stop.phase === 'DOUBTED' && stop.state === undefined && stop.lastWord === 'ABSENT';
  return isAbsent && isOld && stop.placements < COVER_LIMITS.maxPlacements;
}

function isAskDue(stop: TrackedStop, nowMs: number): boolean {
  const { askMs, answerMs, quickAsks, maxAskMs } = COVER_LIMITS;
  const { isTriggered } = stop;
  if (stop.phase !== 'DOUBTED' && !isTriggered) return false;
  const interval = Math.min(askMs * 2 ** Math.max(stop.asks - quickAsks, 0), maxAskMs);
  return nowMs - Math.max(stop.askedMs, isTriggered ? stop.stateSinceMs + answerMs - interval : 0) >= interval;
}

function isCancelDue({ phase, cancelMs, cancels }: TrackedStop, nowMs: number): boolean {
  if (phase !== 'RESTING' || cancelMs === undefined) return false;
  const { cancelMs: first, maxAskMs } = COVER_LIMITS;
  return nowMs - cancelMs >= Math.min(first * 2 ** (cancels - 1), maxAskMs);
}
