/** Wait between failed tries: `baseMs` at first, multiplied by `factor` with each failure, at most `maxMs`. */
export interface Backoff {
  readonly baseMs: number;
  readonly maxMs: number;
  /** Default 2. */
  readonly factor?: number;
  /** Maximum random change of the wait, as a fraction of it, so that several installations do not retry at once. */
  readonly jitter?: number;
}

const FACTOR = 2;

/**
 * The wait before the next try, milliseconds.
 * @param failures earlier failures in a row: 0 gives `baseMs`
 * @param rng uniform in 0..1; without it there is no jitter
 */
export function backoffMs(
  { baseMs, maxMs, factor = FACTOR, jitter = 0 }: Backoff,
  failures: number,
  rng?: () => number,
): number {
  const waitMs = Math.min(baseMs * factor ** failures, maxMs);
  return rng === undefined ? waitMs : waitMs * (1 - jitter + 2 * jitter * rng());
}
