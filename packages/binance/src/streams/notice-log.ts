import type { Logger } from '@helios/shared/runtime/service.ts';
import type { AwakeTime } from './awake-time.ts';

const WINDOW_MS = 600_000;
const MAX_IN_A_WINDOW = 20;

/** The log of what ends nothing: the same remark once in ten minutes, and no more than twenty of them. */
export class NoticeLog {
  readonly #log: Logger;
  readonly #awake: AwakeTime;
  readonly #told = new Set<string>();
  #windowMs = 0;

  constructor(log: Logger, awake: AwakeTime) {
    this.#log = log;
    this.#awake = awake;
  }

  /** @param level WARN for what an operator may have to look at */
  say(level: 'info' | 'warn', notice: string): void {
    if (this.#awake.ms - this.#windowMs >= WINDOW_MS) {
      this.#told.clear();
      this.#windowMs = this.#awake.ms;
    }
    if (this.#told.has(notice) || this.#told.size >= MAX_IN_A_WINDOW) return;
    this.#told.add(notice);
    this.#log[level]({ notice }, 'market streams notice');
  }
}
