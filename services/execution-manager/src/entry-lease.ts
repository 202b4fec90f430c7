import { randomUUID } from 'node:crypto';
import { Records } from '@helios/shared/contracts/catalog.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';

/** A paused or cut-off process loses the lease after this; until then nobody else enters. */
const TTL_MS = 5_000;

interface LeaseOptions {
  readonly bus: Bus<'execution-manager'>;
  readonly log: Logger;
  /** Epoch ms of the machine. */
  readonly now: () => number;
}

/**
 * The right to enter on the account: one process at a time has it. It counts from when it was asked for, by our own clock, so a
 * process that was asleep finds it expired before it sends anything.
 */
export class EntryLease {
  readonly #options: LeaseOptions;
  readonly #holder = randomUUID();
  #heldFromTs = Number.NEGATIVE_INFINITY;
  #token: number | undefined;
  #wasHeld: boolean | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  /** True while this process may enter. */
  get isHeld(): boolean {
    const ageMs = this.#options.now() - this.#heldFromTs;
    return ageMs >= 0 && ageMs < TTL_MS;
  }

  /** Takes or renews the lease; call it every second. */
  async renew(): Promise<void> {
    const { bus, now } = this.#options;
    const askedTs = now();
    await skipWhileAway(async () => {
      const token = await bus.takeLease(Records.entryLease, this.#holder, TTL_MS);
      this.#heldFromTs = token === undefined ? Number.NEGATIVE_INFINITY : askedTs;
      this.#token = token;
    });
    this.#report();
  }

  #report(): void {
    const { log } = this.#options;
    const { isHeld } = this;
    if (isHeld === this.#wasHeld) return;
    if (isHeld) log.info({ lease: this.#token }, 'this process may enter on the account');
    else log.warn({}, 'this process may not enter: another one has the lease, or redis is away');
    this.#wasHeld = isHeld;
  }
}
