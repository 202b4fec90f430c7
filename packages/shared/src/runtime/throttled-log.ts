import type { Logger } from './service.ts';

const EVERY_MS = 60_000;

/** A log for frequent warnings and errors: at most one line of each kind per interval. */
export interface ThrottledLog {
  /** Logs the first line of a kind, then at most one per interval, with the number of skipped lines (`unlogged`). */
  warn(kind: string, fields: object, message: string): void;
  error(kind: string, fields: object, message: string): void;
}

/** @param nowMs any clock; setting it back ends the interval */
export function createThrottledLog(log: Logger, nowMs: () => number, everyMs: number = EVERY_MS): ThrottledLog {
  const logged = new Map<string, { ms: number; unlogged: number }>();

  const write = (level: 'warn' | 'error') => (kind: string, fields: object, message: string) => {
    const now = nowMs();
    const last = logged.get(kind);
    if (last !== undefined && Math.abs(now - last.ms) < everyMs) {
      last.unlogged += 1;
      return;
    }
    logged.set(kind, { ms: now, unlogged: 0 });
    log[level]({ ...fields, unlogged: last?.unlogged ?? 0 }, message);
  };

  return { warn: write('warn'), error: write('error') };
}
