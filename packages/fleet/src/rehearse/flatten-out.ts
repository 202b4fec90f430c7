import { setTimeout as pause } from 'node:timers/promises';
import { type RehearsalFleet, until } from './rehearsal-fleet.ts';
import { openOf, type TrueAccount, type VenueControl } from './venue-control.ts';

const TAKEN_WITHIN_MS = 60_000;
const FLAT_WITHIN_MS = 60_000;
const SETTLE_MS = 3_000;

/** Presses Flatten, and resolves to the account as soon as nothing is open, or after a minute. */
export async function flattenOut(venue: VenueControl, fleet: RehearsalFleet): Promise<TrueAccount> {
  console.log('Flatten is pressed.');
  let refusal: string | undefined;
  const isTaken = async (): Promise<boolean> => {
    refusal = await fleet.press('flatten');
    return refusal === undefined;
  };
  if (!(await until(isTaken, TAKEN_WITHIN_MS, () => fleet.hasEnded))) console.log(`Flatten is refused: ${refusal}`);
  await until(
    async () => openOf(await venue.account()).length === 0,
    FLAT_WITHIN_MS,
    () => fleet.hasEnded,
  );
  // The answers of the last second are still on their way into the ledger.
  await pause(SETTLE_MS);
  return venue.account();
}
