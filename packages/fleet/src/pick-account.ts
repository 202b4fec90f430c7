import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import { type Accounts, type LedgerAccount, readAccounts } from '@helios/shared/runtime/ledger-reader.ts';

/** Every account in a data folder, the last active first. */
export function accountsIn(dataDir: string): Accounts {
  const { accounts, unreadable } = readAccounts(dataDir);
  return { accounts: accounts.toSorted((a, b) => (b.last_activity_ts ?? 0) - (a.last_activity_ts ?? 0)), unreadable };
}

/**
 * The account of the named run; without a name the account of the current run, or the only account. Takes the newest session of
 * a replay.
 * @throws HopelessStart that lists the runs, if the choice is not clear
 */
export function pickAccount(found: Accounts, run: string | undefined, current?: string): LedgerAccount {
  const { accounts, unreadable } = found;
  if (accounts.length === 0 && unreadable.length === 0) {
    throw new HopelessStart('There is no account yet: no fleet with this system.data_dir has traded on paper.');
  }
  const wanted = run ?? current ?? onlyRun(found);
  // File names of a replay's sessions sort by time.
  const ofRun = accounts.filter((account) => account.run === wanted).sort((a, b) => (a.path < b.path ? 1 : -1));
  const [account] = ofRun;
  if (account !== undefined) return account;
  const runs = [...new Set(accounts.map((each) => each.run))].map((each) => `  • ${each}`);
  const why = wanted === undefined ? 'There are several accounts; name one.' : `The run “${wanted}” has no account.`;
  throw new HopelessStart(
    [why, ...(runs.length === 0 ? [] : ['Runs with an account:', ...runs]), ...unreadable].join('\n'),
  );
}

/** The only run, if there is just one. An unreadable ledger may belong to another run. */
function onlyRun({ accounts, unreadable }: Accounts): string | undefined {
  const runs = new Set(accounts.map(({ run }) => run));
  return runs.size === 1 && unreadable.length === 0 ? accounts[0]?.run : undefined;
}
