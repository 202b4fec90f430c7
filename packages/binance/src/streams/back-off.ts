const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/** When a lost connection may be tried again: after 1 s, doubled with each failure up to 60 s, a quarter more or less by chance. */
export class BackOff {
  readonly #chance: () => number;
  #failures = 0;
  #dueMs = 0;

  /** @param chance uniform in 0..1 */
  constructor(chance: () => number) {
    this.#chance = chance;
  }

  isOver(nowMs: number): boolean {
    return nowMs >= this.#dueMs;
  }

  /** @param wasSteady it had delivered for a while: this is a new trouble, not a relapse into the last one */
  failed(nowMs: number, wasSteady: boolean): void {
    if (wasSteady) this.#failures = 0;
    const delayMs = Math.min(FIRST_MS * 2 ** this.#failures, LONGEST_MS) * (0.75 + this.#chance() / 2);
    this.#failures += 1;
    this.#dueMs = nowMs + delayMs;
  }
}
