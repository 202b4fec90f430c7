import type { Condition } from './alert-codes.ts';

const WINDOW_MS = 60_000;

/** Counts the refusals of the venue in the last minute. */
export class RejectWatch {
  readonly #limit: number;
  #seen: { readonly ts: number; readonly rejects: Readonly<Record<string, number>> }[] = [];

  /** `limit`: refusals in a minute; 0: never judged. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** `rejects`: refusals by code since the start of execution-manager. */
  check(rejects: Readonly<Record<string, number>>, nowMs: number): Condition | undefined {
    this.#seen = this.#seen.filter(({ ts }) => Math.abs(nowMs - ts) <= WINDOW_MS);
    this.#seen.push({ ts: nowMs, rejects });
    const before = this.#seen[0]?.rejects ?? {};
    const fresh = Object.entries(rejects).flatMap(([code, count]) => {
      // A restart counts from 0 again.
      const known = before[code] ?? 0;
      const added = count >= known ? count - known : count;
      return added > 0 ? [{ code, added }] : [];
    });
    const total = fresh.reduce((sum, { added }) => sum + added, 0);
    if (this.#limit === 0 || total < this.#limit) return undefined;
    const codes = fresh.map(({ code, added }) => `${code} (${added})`).join(', ');
    const message = `${total} refusals in a minute (limit ${this.#limit}): ${codes}.`;
    return { code: 'VENUE_REJECTS', service: 'execution-manager', subject: 'rejects', message };
  }
}
