import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import type { LedgerAccount } from '@helios/shared/runtime/ledger-reader.ts';
import { currentFleet } from './current-run.ts';
import { StartRefused } from './start-refused.ts';
import { runningSupervisor } from './supervisor-file.ts';

const BEATING_MS = 10_000;
const ANSWER_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 100;
const SCRIPT = resolve(import.meta.dirname, '../../../services/decision-logger/src/reset-ledger.ts');

interface Place {
  readonly system: Settings['system'];
  readonly dataDir: string;
  readonly logDir: string;
}

/**
 * Ends an account and begins a new one for its run. If a fleet uses the account, decision-logger does this, else this process.
 * @returns what happened, for the operator
 * @throws StartRefused if the reset fails; nothing was changed then
 */
export async function resetAccount(account: LedgerAccount, force: boolean, place: Place): Promise<string> {
  if (account.isReplay) {
    throw new StartRefused(['Each start of a replay has its own account. Start the replay again instead of a reset.']);
  }
  const kept = await currentFleet(place.system, place.dataDir, async (bus, mode) => {
    if (mode.run !== account.run) return undefined;
    const beat = await bus.getRecord(Records.heartbeat, { service: 'decision-logger' });
    const isBeating = beat !== undefined && Date.now() - beat.ts < BEATING_MS;
    return isBeating ? await askDecisionLogger(bus, account.run, force) : undefined;
  });
  if (kept !== undefined) return kept;
  if (runningSupervisor(place.dataDir) !== undefined) {
    throw new StartRefused([
      'A fleet runs in this folder. Its decision-logger keeps another account, or does not answer.',
      '  • Stop the fleet (npm stop), then reset.',
    ]);
  }
  return resetFile(account, force, place.logDir);
}

async function askDecisionLogger(bus: Bus<'fleet'>, run: string, force: boolean): Promise<string> {
  const command_id = randomUUID();
  const command = { command_id, run, force, issued_by: 'npm run account', issued_ts: Date.now() };
  await bus.write((batch) => batch.append(Streams.accountCommands, command));
  const deadline = performance.now() + ANSWER_WITHIN_MS;
  while (performance.now() < deadline) {
    const answer = await bus.getRecord(Records.accountReset);
    if (answer?.command_id === command_id) {
      if (answer.outcome === 'DONE') return answer.message;
      throw new StartRefused([answer.message]);
    }
    await pause(LOOK_EVERY_MS);
  }
  throw new StartRefused([
    'decision-logger has not answered; it may still do the reset.',
    '  • Check later: npm run account -- list, npm run status',
  ]);
}

async function resetFile({ path, run }: LedgerAccount, force: boolean, logDir: string): Promise<string> {
  const args = [SCRIPT, path, run, logDir, ...(force ? ['force'] : [])];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args);
    return `The account of ${run} was reset. The old ledger is ${stdout.trim()}.`;
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr ?? error).trim();
    throw new StartRefused([`The account of ${run} was not reset: ${said}`]);
  }
}
