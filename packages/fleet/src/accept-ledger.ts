import { setTimeout as pause } from 'node:timers/promises';
import { Maps, Records } from '@helios/shared/contracts/catalog.ts';
import type { LedgerTrouble } from '@helios/shared/domain/known-ledger.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { currentFleet } from './current-run.ts';
import { StartRefused } from './start-refused.ts';

const ANSWER_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 100;

/**
 * Makes decision-logger continue with the ledger file that is there now, or with a new one. Until then decision-logger
 * waits for the ledger that Redis has noted.
 * @param confirm shows the operator the problem and asks; undefined: do not ask
 * @returns what happened, for the operator
 * @throws StartRefused if nothing was changed
 */
export async function acceptLedger(
  { system, dataDir }: { readonly system: Settings['system']; readonly dataDir: string },
  run: string | undefined,
  confirm: ((run: string, message: string) => Promise<void>) | undefined,
): Promise<string> {
  const answer = await currentFleet(system, dataDir, async (bus, mode) => {
    const wanted = run ?? mode.run;
    if (wanted !== mode.run)
      throw new StartRefused([`The fleet on this Redis keeps the account ${mode.run}, not ${wanted}.`]);
    const trouble = await bus.getRecord(Records.ledgerTrouble);
    assertAcceptable(trouble, wanted);
    await confirm?.(wanted, trouble.message);
    await bus.write((batch) => batch.deleteField(Maps.knownLedgers, wanted));
    return await untilTaken(bus, wanted);
  });
  if (answer !== undefined) return answer;
  throw new StartRefused([
    'No fleet answers, so nothing was changed.',
    '  • Start the fleet first. It waits, HALTED, until you put the ledger back or accept this one.',
  ]);
}

function assertAcceptable(trouble: LedgerTrouble | undefined, run: string): asserts trouble is LedgerTrouble {
  if (trouble?.run !== run) throw new StartRefused([`Nothing was changed: the ledger of ${run} is in order.`]);
  if (trouble.code === 'MISSING' || trouble.code === 'REPLACED' || trouble.code === 'OLDER') return;
  throw new StartRefused([`This ledger cannot be accepted. ${trouble.message}`, `  • ${trouble.action}`]);
}

async function untilTaken(bus: Bus<'fleet'>, run: string): Promise<string> {
  const deadline = performance.now() + ANSWER_WITHIN_MS;
  while (performance.now() < deadline) {
    const trouble = await bus.getRecord(Records.ledgerTrouble);
    if (trouble?.run !== run)
      return `The ledger of ${run} is accepted as it is. Trading stays HALTED until you press Start.`;
    await pause(LOOK_EVERY_MS);
  }
  throw new StartRefused([
    'The ledger is accepted, but decision-logger does not use it yet.',
    '  • Read its last log lines: npm run logs -- --service decision-logger',
  ]);
}
