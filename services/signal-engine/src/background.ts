import { skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';

/** Runs work that nobody can await, for example from a message handler. */
export interface Background {
  /** Takes over a promise. It ignores that Redis is away; it keeps any other error for `check`. */
  run(work: Promise<void>): void;
  /** Throws the first error, so that the host receives it. */
  check(): void;
}

/** Creates an owner for promises of handlers; call `check` regularly from a job of the host. */
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
