import { skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';

/** Work begun where nobody can wait for it, such as in a message handler. */
export interface Background {
  /** Takes a promise over. Redis being away is no fault; anything else is kept for `check`. */
  run(work: Promise<void>): void;
  /** Throws the first fault, so that the host hears of it. */
  check(): void;
}

/** An owner for promises of handlers; call `check` regularly from a job of the host. */
export function createBackground(): Background {
  let fault: { readonly error: unknown } | undefined;
  return {
    run(work) {
      skipWhileAway(() => work).catch((error: unknown) => {
        fault ??= { error };
      });
    },
    check() {
      if (fault) throw fault.error;
    },
  };
}
