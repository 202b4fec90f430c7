import type { Logger } from '@helios/shared/runtime/service.ts';
import type { SignedRest } from '../rest/signed-rest.ts';

/** A jump of the venue's clock against ours that is worth a warning. */
const JUMP_MS = 1_000;

/** Reads the venue's clock, and warns when it jumps against ours. */
export class SignedClock {
  readonly #rest: Pick<SignedRest, 'readClock' | 'clockAheadMs'>;
  readonly #log: Logger;
  #knownAheadMs: number | undefined;

  constructor(rest: Pick<SignedRest, 'readClock' | 'clockAheadMs'>, log: Logger) {
    this.#rest = rest;
    this.#log = log;
  }

  async read(): Promise<void> {
    const failure = await this.#rest.readClock();
    if (failure !== undefined) {
      this.#log.warn({ detail: failure.detail }, 'clock of the venue not read');
      return;
    }
    const aheadMs = this.#rest.clockAheadMs ?? 0;
    const before = this.#knownAheadMs;
    this.#knownAheadMs = aheadMs;
    if (before !== undefined && Math.abs(aheadMs - before) > JUMP_MS)
      this.#log.warn({ ahead_ms: aheadMs, before_ms: before }, 'clock of the venue jumped against ours');
  }
}
