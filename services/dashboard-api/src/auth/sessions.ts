import { createHash, randomBytes } from 'node:crypto';

/** Logged-in browsers. Kept in memory: a restart of the dashboard asks for the password again. */
export interface Sessions {
  /** A new session's token, for the cookie. */
  open(): string;
  isOpen(token: string | undefined): boolean;
  close(token: string | undefined): void;
}

/** Sessions end after this long, milliseconds. */
export const SESSION_MS = 12 * 3_600_000;
const MAX_SESSIONS = 1_000;

export function createSessions(nowMs: () => number): Sessions {
  /** Hash of the token → end. The token itself is nowhere but in the browser. */
  const ends = new Map<string, number>();

  function sweep(): void {
    const now = nowMs();
    for (const [key, endMs] of ends) if (endMs <= now || ends.size >= MAX_SESSIONS) ends.delete(key);
  }

  return {
    open() {
      sweep();
      const token = randomBytes(32).toString('base64url');
      ends.set(keyOf(token), nowMs() + SESSION_MS);
      return token;
    },
    isOpen(token) {
      if (!token) return false;
      const endMs = ends.get(keyOf(token));
      return endMs !== undefined && endMs > nowMs();
    },
    close(token) {
      if (token) ends.delete(keyOf(token));
    },
  };
}

function keyOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
