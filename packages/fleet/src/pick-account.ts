import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import { type Accounts, type LedgerAccount, readAccounts } from '@helios/shared/runtime/ledger-reader.ts';

/** Every account below a data directory, the one that was active last first. */
export function accountsIn(dataDir: string): Accounts {
  const { accounts, unreadable } = readAccounts(dataDir);
  return { accounts: accounts.toSorted((a, b) => (b.last_activity_ts ?? 0) - (a.last_activity_ts ?? 0)), unreadable };
}

/**
 * The account of a run; of the run that runs now, or of the only one, where none is named. Of a replay's sessions the newest.
 * @throws HopelessStart that lists the runs, where it is not clear which is meant
 */
export function pickAccount(found: Accounts, run: string | undefined, current?: string): LedgerAccount {
  const { accounts, unreadable } = found;
  if (accounts.length === 0 && unreadable.length === 0) {
    throw new HopelessStart('There is no account yet: no fleet has traded on paper with this system.data_dir.');
  }
  const wanted = run ?? current ?? onlyRun(found);
  // File names of a replay's sessions sort by time.
  const ofRun = accounts.filter((account) => account.run === wanted).sort((a, b) => (a.path < b.path ? 1 : -1));
  const [account] = ofRun;
  if (account !== undefined) return account;
  const runs = [...new Set(accounts.map((each) => each.run))].map((each) => `  • ${each}`);
  const why =
    wanted === undefined ? 'There are several accounts; name one.' : `There is no account of the run “${wanted}”.`;
  throw new HopelessStart(
    [why, ...(runs.length === 0 ? [] : ['Runs with an account:', ...runs]), ...unreadable].join('\n'),
  );
}

/** A ledger that cannot be read may be another run's: then there is no only one. */
function onlyRun({ accounts, unreadable }: Accounts): string | undefined {
  const runs = new Set(accounts.map(({ run }) => run));
  return runs.size === 1 && unreadable.length === 0 ? accounts[0]?.run : undefined;
}
