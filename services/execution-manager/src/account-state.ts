import { AccountCheck } from './account-check.ts';
import { EntryLease } from './entry-lease.ts';
import type { LiveCore, LiveServiceContext } from './live-core.ts';
import { LiveStatusWriter } from './live-status-writer.ts';
import { processBlocks } from './process-blocks.ts';
import { SymbolTermsReader } from './symbol-terms-reader.ts';

/** Whether the account can enter: what is checked, and what is written about it. */
export interface AccountState {
  readonly check: AccountCheck;
  readonly lease: EntryLease;
  readonly status: LiveStatusWriter;
  readonly terms: SymbolTermsReader;
  /** Tells live trading what this process has against entries. */
  refreshBlocks(): void;
}

export function createAccountState({ bus, mode, log }: LiveServiceContext, core: LiveCore): AccountState {
  const { trading, venue, path, publisher, watch, now } = core;
  const terms = new SymbolTermsReader({ venue, path, publisher, now, log });
  const check = new AccountCheck({
    trading,
    venue,
    isUserStreamOpen: () => watch.isUserStreamOpen,
    symbolsWithTerms: () => terms.known,
    now,
    log,
  });
  const lease = new EntryLease({ bus, log, now });
  const status = new LiveStatusWriter({
    bus,
    run: mode.run,
    trading,
    venue,
    publisher,
    selfTest: () => check.result,
    userStreamIsOpen: () => watch.isUserStreamOpen,
    flatTs: () => watch.flatTs,
    now,
  });
  return {
    check,
    lease,
    status,
    terms,
    refreshBlocks() {
      const { result: selfTest } = check;
      const state = { selfTest, limits: venue.limits(), hasLease: lease.isHeld, redisAwayMs: publisher.awayMs };
      path.act((live) => live.onProcessBlocks(processBlocks(state)));
    },
  };
}
