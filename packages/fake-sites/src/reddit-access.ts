/** Access tokens for clients with the right credentials. */
export interface RedditTokens {
  /** The body of a token answer; undefined for wrong credentials. */
  give(authorization: string | undefined, nowMs: number): Readonly<Record<string, unknown>> | undefined;
  isGood(authorization: string | undefined, nowMs: number): boolean;
  revoke(): void;
}

export function createTokens(clientId: string, clientSecret: string, holdsSec: number): RedditTokens {
  const right = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  const until = new Map<string, number>();
  let given = 0;
  return {
    give(authorization, nowMs) {
      if (authorization !== right) return undefined;
      given += 1;
      const access_token = `token-${given}`;
      until.set(access_token, nowMs + holdsSec * 1_000);
      return { access_token, token_type: 'bearer', expires_in: holdsSec, scope: '*' };
    },
    isGood(authorization, nowMs) {
      const token = /^bearer (.+)$/i.exec(authorization ?? '')?.[1];
      return token !== undefined && (until.get(token) ?? 0) > nowMs;
    },
    revoke: () => until.clear(),
  };
}

const WINDOW_MS = 600_000;

/** Counts requests in windows of ten minutes, and makes the `x-ratelimit-*` headers. */
export class RedditLimit {
  readonly #perWindow: number;
  #window = -1;
  #used = 0;

  constructor(perWindow: number) {
    this.#perWindow = perWindow;
  }

  /** Counts a request; `isOver` if it exceeds the limit. */
  count(nowMs: number): { readonly isOver: boolean; readonly headers: Readonly<Record<string, string>> } {
    const window = Math.floor(nowMs / WINDOW_MS);
    this.#used = window === this.#window ? this.#used + 1 : 1;
    this.#window = window;
    const resetSec = Math.ceil(((window + 1) * WINDOW_MS - nowMs) / 1_000);
    return {
      isOver: this.#used > this.#perWindow,
      headers: {
        'x-ratelimit-used': String(this.#used),
        'x-ratelimit-remaining': Math.max(0, this.#perWindow - this.#used).toFixed(1),
        'x-ratelimit-reset': String(resetSec),
      },
    };
  }
}
