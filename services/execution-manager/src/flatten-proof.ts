import type { VenueCommand } from '@helios/core/live/venue-port.ts';

/** A snapshot costs much request weight, and changes of the account cause one anyway. */
const ASK_EVERY_MS = 5_000;

interface ProofOptions {
  /** When the flatten under way began; undefined without one. */
  readonly flattenTs: () => number | undefined;
  /** When the newest snapshot that shows nothing of ours was asked for. */
  readonly flatTs: () => number | undefined;
  readonly carryOut: (command: VenueCommand) => void;
  readonly now: () => number;
}

/** Asks the venue during a flatten until its answer shows that nothing of ours is left. */
export class FlattenProof {
  readonly #options: ProofOptions;
  #askedTs = Number.NEGATIVE_INFINITY;
  #flattenTs: number | undefined;

  constructor(options: ProofOptions) {
    this.#options = options;
  }

  /** Call it regularly. */
  look(): void {
    const { flattenTs, flatTs, carryOut, now } = this.#options;
    const beganTs = flattenTs();
    if (beganTs !== this.#flattenTs) this.#askedTs = Number.NEGATIVE_INFINITY;
    this.#flattenTs = beganTs;
    if (beganTs === undefined || (flatTs() ?? 0) > beganTs || now() - this.#askedTs < ASK_EVERY_MS) return;
    this.#askedTs = now();
    carryOut({ kind: 'TAKE_SNAPSHOT' });
  }
}
