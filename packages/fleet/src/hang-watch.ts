import type { Heartbeat } from '@helios/shared/domain/fleet.ts';

/** Maximum silence that one look adds, ms. After the machine or the supervisor slept, every service was silent for that time. */
const MAX_STEP_MS = 1_000;
/** A service beats once a second. */
const SILENT_MS = 30_000;
/** A start may block its process for long, for example to check a large ledger. */
const START_SILENT_MS = 300_000;

/**
 * Detects that one process hangs: it stops sending heartbeats while Redis works. Takes monotonic time, and compares heartbeat
 * stamps only with each other, so a clock jump has no effect.
 */
export class HangWatch {
  #pid: number | undefined;
  #beat: Heartbeat | undefined;
  #hasBeaten = false;
  #silentMs = 0;
  #lookedMs: number | undefined;

  /**
   * Takes the present heartbeat of the process `pid` from Redis; true if the process hangs. A first heartbeat may come from an earlier
   * process with the same id, unless it is stamped at `startedTs` (epoch ms) or later.
   */
  look(beat: Heartbeat | undefined, pid: number | undefined, nowMs: number, startedTs = Infinity): boolean {
    if (pid !== this.#pid) this.#begin(pid);
    const own = beat?.pid === pid ? beat : undefined;
    if (own && own.ts !== this.#beat?.ts) {
      this.#hasBeaten ||= this.#beat !== undefined || own.ts >= startedTs;
      this.#beat = own;
      this.#silentMs = 0;
    } else {
      this.#silentMs += Math.min(nowMs - (this.#lookedMs ?? nowMs), MAX_STEP_MS);
    }
    this.#lookedMs = nowMs;
    return this.#hasBeaten && this.#silentMs >= this.limitMs();
  }

  /** True if the process has sent a heartbeat since the watch began. */
  hasBeaten(): boolean {
    return this.#hasBeaten;
  }

  /** Restarts the silence count, because Redis took no heartbeats. */
  forgive(): void {
    this.#silentMs = 0;
    this.#lookedMs = undefined;
  }

  /** Maximum silence, ms. */
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
