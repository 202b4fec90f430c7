import { resolve } from 'node:path';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { readTime } from '@helios/shared/runtime/cli/read-time.ts';
import { runCommand } from '@helios/shared/runtime/cli/run-command.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { csvLine } from '@helios/shared/runtime/csv-line.ts';
import { readHistory } from '@helios/shared/runtime/ledger-reader.ts';
import { currentRun } from './current-run.ts';
import { HISTORY_COLUMNS, historyLine, historyRow, readHistoryQuery } from './history-lines.ts';
import { accountsIn, pickAccount } from './pick-account.ts';
import { withRedisOfFleet } from './supervisor-file.ts';

/** `npm run history`: decisions and refusals from a ledger, oldest first. Works also while the fleet runs. */
async function main(line: CommandLine): Promise<number> {
  const nowMs = Date.now();
  const query = readHistoryQuery(line, { from: readTime(line, 'from', nowMs), to: readTime(line, 'to', nowMs) });
  const root = resolve(import.meta.dirname, '../../..');
  const { system } = loadSettings({ env: process.env, root }).settings;
  const dataDir = resolve(root, system.data_dir);
  const accounts = accountsIn(dataDir);
  const run = line.text('run');
  const current = () => currentRun(withRedisOfFleet(system, dataDir, console.error), dataDir);
  const account = pickAccount(accounts, run, run === undefined ? await current() : undefined);
  // `npm run history | head` closes our output. This is a normal end.
  process.stdout.on('error', () => process.exit(0));
  const csv = line.has('csv');
  if (csv) process.stdout.write(csvLine(HISTORY_COLUMNS.map(([name]) => name)));
  const count = readHistory(account.path, query, (decision) => {
    process.stdout.write(csv ? historyRow(decision) : `${historyLine(decision)}\n`);
  });
  const cut = count === query.limit ? `, the newest ${query.limit}; --limit N shows more` : '';
  console.error(`${count} decisions and refusals of ${account.run}${cut}`);
  return 0;
}

await runCommand('history', main);
