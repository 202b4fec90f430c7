import { createHash, randomBytes } from 'node:crypto';

/** Logged-in browsers. */
export interface Sessions {
  /** A new session's token, for the cookie. */
  open(): string;
  isOpen(token: string | undefined): boolean;
  close(token: string | undefined): void;
  closeAll(): void;
}

/** Hash of each token → when its session ends, epoch ms. Only the browser has the token itself. */
export type SessionEnds = Readonly<Record<string, number>>;

/** Sessions end after this long, milliseconds. */
export const SESSION_MS = 12 * 3_600_000;
const MAX_SESSIONS = 1_000;

/** `known`: sessions of an earlier start. `keep` is called with all of them after each change. */
export function createSessions(
  nowMs: () => number,
  known: SessionEnds = {},
  keep: (ends: SessionEnds) => void = () => {},
): Sessions {
  const ends = new Map(Object.entries(known));

  function sweep(): void {
    const now = nowMs();
    for (const [key, endMs] of ends) if (endMs <= now || ends.size >= MAX_SESSIONS) ends.delete(key);
  }

  return {
    open() {
      sweep();
      const token = randomBytes(32).toString('base64url');
      ends.set(sessionKey(token), nowMs() + SESSION_MS);
      keep(Object.fromEntries(ends));
      return token;
    },
    isOpen(token) {
      if (!token) return false;
      const endMs = ends.get(sessionKey(token));
      return endMs !== undefined && endMs > nowMs();
    },
    close(token) {
      if (token && ends.delete(sessionKey(token))) keep(Object.fromEntries(ends));
    },
    closeAll() {
      if (ends.size === 0) return;
      ends.clear();
      keep({});
    },
  };
}

/** The key of a session, which does not reveal its token. */
export function sessionKey(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
