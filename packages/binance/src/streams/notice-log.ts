import type { Logger } from '@helios/shared/runtime/service.ts';
import type { AwakeTime } from './awake-time.ts';

const WINDOW_MS = 600_000;
const MAX_IN_A_WINDOW = 20;

/** Logs harmless notices: each at most once in ten minutes, and at most twenty different ones. */
export class NoticeLog {
  readonly #log: Logger;
  readonly #awake: AwakeTime;
  readonly #logged = new Set<string>();
  #windowMs = 0;

  constructor(log: Logger, awake: AwakeTime) {
    this.#log = log;
    this.#awake = awake;
  }

  /** @param level WARN if an operator may have to act */
  say(level: 'info' | 'warn', notice: string): void {
    if (this.#awake.ms - this.#windowMs >= WINDOW_MS) {
      this.#logged.clear();
      this.#windowMs = this.#awake.ms;
    }
    if (this.#logged.has(notice) || this.#logged.size >= MAX_IN_A_WINDOW) return;
    this.#logged.add(notice);
    this.#log[level]({ notice }, 'market streams notice');
  }
}
