import type { Logger } from './service.ts';

const EVERY_MS = 60_000;

/** Warnings and errors that may come by the thousand: of each kind one line in a while. */
export interface ThrottledLog {
  /** Logs the first of its kind, then at most one in the interval, with how many were left out since (`unlogged`). */
  warn(kind: string, fields: object, message: string): void;
  error(kind: string, fields: object, message: string): void;
}

/** @param nowMs of any clock; one that is set back ends the silence */
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
