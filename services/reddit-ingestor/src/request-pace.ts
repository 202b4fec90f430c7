import { Wait } from '@helios/core/time/wait.ts';
import { type Backoff, backoffMs } from '@helios/shared/runtime/backoff.ts';
import type { HttpHeaders } from '@helios/shared/runtime/http-client.ts';
import type { Failure } from './reddit-answer.ts';

/** Requests of a window that stay unused, because another program may share the credentials. */
const RESERVE = 2;
const BACKOFF: Backoff = { baseMs: 5_000, maxMs: 900_000 };
/** Pause after refused credentials: frequent retries do not help. */
const CREDENTIALS_BACK_OFF_MS = 600_000;
/** Maximum pause, even if Reddit asks for more. */
const MAX_ASKED_MS = 3_600_000;

/** Failures after which other requests may continue. */
const SAYS_NOTHING_OF_THE_REST: ReadonlySet<Failure> = new Set<Failure>(['CLOSED', 'FORBIDDEN', 'STOPPED']);

/** Decides when the next request may go out, by Reddit's headers and by earlier failures. */
export class RequestPace {
  readonly #pause = new Wait();
  #failures = 0;

  /** Milliseconds until a request may go out. */
  waitMs(nowMs: number): number {
    return this.#pause.leftMs(nowMs);
  }

  /** Reads `x-ratelimit-remaining` and `x-ratelimit-reset` (seconds to the end of the window). */
  onHeaders(headers: HttpHeaders, nowMs: number): void {
    const [remaining, reset] = [number(headers, 'x-ratelimit-remaining'), number(headers, 'x-ratelimit-reset')];
    if (remaining === undefined || reset === undefined || remaining > RESERVE) return;
    this.#pause.extend(Math.min(reset * 1_000, MAX_ASKED_MS), nowMs);
  }

  onSuccess(): void {
    this.#failures = 0;
  }

  /** Each failure in a row doubles the wait; it is at least what Reddit asks for. */
  onFailure(failure: Failure, nowMs: number, retryAfterMs = 0): void {
    if (SAYS_NOTHING_OF_THE_REST.has(failure)) return;
    this.#failures += 1;
    const doubled = backoffMs(BACKOFF, this.#failures - 1);
    const own = failure === 'BAD_CREDENTIALS' ? CREDENTIALS_BACK_OFF_MS : doubled;
    this.#pause.extend(Math.max(own, Math.min(retryAfterMs, MAX_ASKED_MS)), nowMs);
  }
}

function number(headers: HttpHeaders, name: string): number | undefined {
  const value = Number(headers[name] ?? Number.NaN);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
