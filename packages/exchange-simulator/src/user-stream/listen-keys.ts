import { randomBytes } from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const KEY_LENGTH = 64;
/** A listen key is valid for an hour after its creation or its last extension. */
const VALID_MS = 3_600_000;

interface Entry {
  readonly accountId: string;
  untilMs: number;
}

/** The listen keys of the accounts; each account has one at a time. */
export class ListenKeys {
  readonly #keys = new Map<string, Entry>();

  /** The account's key, extended; a new one if it has none. */
  start(accountId: string, nowMs: number): string {
    const known = this.ofAccount(accountId, nowMs);
    if (known !== undefined) {
      this.extend(accountId, nowMs);
      return known;
    }
    const key = newKey();
    this.#keys.set(key, { accountId, untilMs: nowMs + VALID_MS });
    return key;
  }

  /** Extends the account's key; false if it has none. */
  extend(accountId: string, nowMs: number): boolean {
    const key = this.ofAccount(accountId, nowMs);
    const entry = key === undefined ? undefined : this.#keys.get(key);
    if (entry === undefined) return false;
    entry.untilMs = nowMs + VALID_MS;
    return true;
  }

  /** Ends the account's key; false if it has none. */
  end(accountId: string, nowMs: number): boolean {
    const key = this.ofAccount(accountId, nowMs);
    return key !== undefined && this.#keys.delete(key);
  }

  ofAccount(accountId: string, nowMs: number): string | undefined {
    for (const [key, entry] of this.#keys) if (entry.accountId === accountId && entry.untilMs > nowMs) return key;
    return undefined;
  }

  /** The account of a valid key. */
  accountOf(key: string, nowMs: number): string | undefined {
    const entry = this.#keys.get(key);
    return entry !== undefined && entry.untilMs > nowMs ? entry.accountId : undefined;
  }

  /** When the next key ends, epoch ms; undefined without keys. */
  get nextEndMs(): number | undefined {
    let next: number | undefined;
    for (const { untilMs } of this.#keys.values()) if (next === undefined || untilMs < next) next = untilMs;
    return next;
  }

  /** Removes and returns the keys whose time is over. */
  takeExpired(nowMs: number): readonly string[] {
    const expired = [...this.#keys].flatMap(([key, { untilMs }]) => (untilMs <= nowMs ? [key] : []));
    for (const key of expired) this.#keys.delete(key);
    return expired;
  }
}

/** 64 letters and digits, in upper and lower case like the venue's. */
function newKey(): string {
  return [...randomBytes(KEY_LENGTH)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
}
