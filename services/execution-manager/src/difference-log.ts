import type { LiveStatus } from '@helios/shared/domain/live-status.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';

/** Logs what the account shows that Helios did not expect, once for each new sentence: differences and wrong modes. */
export class DifferenceLog {
  readonly #log: Logger;
  #seen: ReadonlySet<string> = new Set();

  constructor(log: Logger) {
    this.#log = log;
  }

  look({ differences, blocked_by }: Pick<LiveStatus, 'differences' | 'blocked_by'>): void {
    const modes = blocked_by.filter(({ code }) => code === 'ACCOUNT_MODE').map(({ reason }) => reason);
    const shown = new Set([...differences, ...modes]);
    for (const difference of shown)
      if (!this.#seen.has(difference)) this.#log.warn({ difference }, 'the account differs from what Helios expects');
    this.#seen = shown;
  }
}
