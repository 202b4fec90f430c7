import { resolve } from 'node:path';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { runCommand } from '@helios/shared/runtime/cli/run-command.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { describeAccount, listAccounts } from './account-lines.ts';
import { currentRun } from './current-run.ts';
import { accountsIn, pickAccount } from './pick-account.ts';

/** `npm run account`: the paper accounts of this folder, read from their ledgers. */
async function main(line: CommandLine): Promise<number> {
  const [action = 'list', run] = line.words;
  if (action !== 'list' && action !== 'show') throw line.problem(`“${action}” is neither list nor show.`);
  if (action === 'list' && run !== undefined) throw line.problem(`list takes no run; did you mean show ${run}?`);
  const root = resolve(import.meta.dirname, '../../..');
  const { system } = loadSettings({ env: process.env, root }).settings;
  const accounts = accountsIn(resolve(root, system.data_dir));
  const current = await currentRun(system);
  const lines =
    action === 'list'
      ? listAccounts(accounts, { current, replays: line.has('replays') })
      : describeAccount(pickAccount(accounts, run, current));
  for (const text of lines) console.log(text);
  return 0;
}

await runCommand('account', main);
