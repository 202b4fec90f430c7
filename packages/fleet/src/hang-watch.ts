import type { Heartbeat } from '@helios/shared/domain/fleet.ts';

/** Time between two looks counts up to this, ms: after a sleep of the machine, or of ours, everybody has just been silent. */
const MAX_STEP_MS = 1_000;
/** A service beats once a second. */
const SILENT_MS = 30_000;
/** A start may block its process for long, for example to check a large ledger. */
const START_SILENT_MS = 300_000;

/**
 * Finds out whether one process hangs: it beats no more while it is watched and Redis is well. Takes monotonic time, and only
 * compares the beats' own stamps with each other, so that a clock that jumps changes nothing.
 */
export class HangWatch {
  #pid: number | undefined;
  #beat: Heartbeat | undefined;
  #hasBeaten = false;
  #silentMs = 0;
  #lookedMs: number | undefined;

  /** Takes the heartbeat that Redis shows for the process `pid` now; true where it hangs. */
  look(beat: Heartbeat | undefined, pid: number | undefined, nowMs: number): boolean {
    if (pid !== this.#pid) this.#begin(pid);
    const own = beat?.pid === pid ? beat : undefined;
    if (own && own.ts !== this.#beat?.ts) {
      // What is there at first may be of an earlier process of the same number.
      this.#hasBeaten = this.#beat !== undefined;
      this.#beat = own;
      this.#silentMs = 0;
    } else {
      this.#silentMs += Math.min(nowMs - (this.#lookedMs ?? nowMs), MAX_STEP_MS);
    }
    this.#lookedMs = nowMs;
    return this.#hasBeaten && this.#silentMs >= this.limitMs();
  }

  /** It has sent a heartbeat since it is watched. */
  hasBeaten(): boolean {
    return this.#hasBeaten;
  }

  /** Nobody could beat, because Redis was away: silence counts from now. */
  forgive(): void {
    this.#silentMs = 0;
    this.#lookedMs = undefined;
  }

  /** How long it may be silent, ms. */
  limitMs(): number {
    return this.#beat?.status === 'STARTING' ? START_SILENT_MS : SILENT_MS;
  }

  #begin(pid: number | undefined): void {
    this.#pid = pid;
    this.#beat = undefined;
    this.#hasBeaten = false;
    this.forgive();
  }
}
