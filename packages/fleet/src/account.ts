import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { printable } from '@helios/shared/runtime/cli/printable.ts';
import { runCommand } from '@helios/shared/runtime/cli/run-command.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { acceptLedger } from './accept-ledger.ts';
import { describeAccount, listAccounts } from './account-lines.ts';
import { currentRun } from './current-run.ts';
import { accountsIn, pickAccount } from './pick-account.ts';
import { resetAccount } from './reset-account.ts';
import { StartRefused } from './start-refused.ts';
import { withRedisOfFleet } from './supervisor-file.ts';

/**
 * `npm run account`: lists the paper accounts of this folder from their ledgers. `reset` ends an account, `accept` continues with a
 * ledger as it is.
 */
async function main(line: CommandLine): Promise<number> {
  const [action = 'list', run] = line.words;
  if (!['list', 'show', 'reset', 'accept'].includes(action))
    throw line.problem(`Unknown action “${action}”. Use list, show, reset or accept.`);
  if (action === 'list' && run !== undefined) throw line.problem(`list takes no run. Did you mean show ${run}?`);
  if (action !== 'reset' && line.has('force')) throw line.problem('--force works with reset only.');
  if (action !== 'reset' && action !== 'accept' && line.has('yes'))
    throw line.problem('--yes works with reset and accept only.');
  const root = resolve(import.meta.dirname, '../../..');
  const settings = loadSettings({ env: process.env, root }).settings.system;
  const dataDir = resolve(root, settings.data_dir);
  const system = withRedisOfFleet(settings, dataDir, console.error);
  const place = { system, dataDir, logDir: resolve(root, system.log_dir) };
  if (action === 'accept') return print([await acceptLedger(place, run, line.has('yes') ? undefined : confirmAccept)]);
  const accounts = accountsIn(dataDir);
  const current = await currentRun(system, dataDir);
  if (action === 'list') {
    print(listAccounts(accounts, { current, replays: line.has('replays') }));
    return accounts.unreadable.length === 0 ? 0 : 1;
  }
  const account = pickAccount(accounts, run, current);
  print(describeAccount(account));
  if (action === 'show') return 0;
  if (!line.has('yes')) await confirm(account.run, 'This ends the account and moves its ledger aside.', 'a reset');
  return print([await resetAccount(account, line.has('force'), place)]);
}

function print(lines: readonly string[]): 0 {
  for (const text of lines) console.log(printable(text));
  return 0;
}

function confirmAccept(run: string, message: string): Promise<void> {
  console.log(message);
  return confirm(run, 'You give up every record that the former ledger held and this one lacks.', 'this');
}

/** @throws StartRefused unless the operator types the run's name */
async function confirm(run: string, consequence: string, what: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new StartRefused([`Nothing was changed: you must confirm ${what}. In a script add --yes.`]);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const typed = await terminal.question(`\n${consequence} Type ${run} to continue: `);
  terminal.close();
  if (typed.trim() !== run) throw new StartRefused(['Nothing was changed: what you typed is not the name of the run.']);
}

await runCommand('account', main);
