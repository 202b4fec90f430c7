/** How long to wait between tries that fail: `baseMs` at first, `factor` times as long with each failure, at most `maxMs`. */
export interface Backoff {
  readonly baseMs: number;
  readonly maxMs: number;
  /** 2 where absent. */
  readonly factor?: number;
  /** Fraction of the wait that chance adds or takes at most, so that several installations do not try at once. */
  readonly jitter?: number;
}

const FACTOR = 2;

/**
 * The wait before the next try, milliseconds.
 * @param failures before the one at hand: 0 gives `baseMs`
 * @param rng uniform in 0..1; used where the back-off has a jitter
 */
export function backoffMs(
  { baseMs, maxMs, factor = FACTOR, jitter = 0 }: Backoff,
  failures: number,
  rng?: () => number,
): number {
  const waitMs = Math.min(baseMs * factor ** failures, maxMs);
  return rng === undefined ? waitMs : waitMs * (1 - jitter + 2 * jitter * rng());
}
