import type { HttpHeaders, HttpOutcome, NoReplyCause } from '@helios/shared/runtime/http-client.ts';
import { type Failure, failed, type RedditAnswer } from './reddit-answer.ts';

const FAILURES: Readonly<Record<NoReplyCause, Failure>> = {
  TIMEOUT: 'TIMEOUT',
  TOO_LONG: 'TOO_LARGE',
  CLOSED: 'STOPPED',
  UNREACHABLE: 'UNREACHABLE',
};

/** Reads Reddit's reply as JSON, or returns why it cannot. */
export function readRedditReply(outcome: HttpOutcome): RedditAnswer {
  if (outcome.kind === 'NO_REPLY') return failed(FAILURES[outcome.cause], outcome.problem);
  const { status, headers, body } = outcome;
  if (status === 429) return failed('RATE_LIMITED', 'status 429', retryAfterMs(headers));
  if (status >= 500) return failed('SERVER_ERROR', `status ${status}`, retryAfterMs(headers));
  if (status === 401) return failed('BAD_CREDENTIALS', 'status 401');
  if (status === 418 || status === 451) return failed('BLOCKED', `status ${status}`, retryAfterMs(headers));
  if (status === 403) return failed('FORBIDDEN', 'status 403');
  if (status < 200 || status > 299) return failed('CLOSED', `status ${status}`);
  try {
    return { kind: 'OK', body: JSON.parse(body) };
  } catch {
    return failed('NOT_JSON', `${headers['content-type'] ?? 'no content type'}, ${body.length} characters`);
  }
}

/** `Retry-After` in seconds, as Reddit sends it; a date is ignored, and the back-off applies. */
function retryAfterMs(headers: HttpHeaders): number | undefined {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}
