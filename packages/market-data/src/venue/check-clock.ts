import { serverTime } from '@helios/binance/rest/endpoints/server-time.ts';
import type { PublicRest } from '@helios/binance/rest/public-rest.ts';
import type { RestFailure } from '@helios/binance/rest/rest-answer.ts';
import type { VenueClock } from './venue-clock.ts';

/** One wrong reading, and two that agree. */
const TRIES = 3;

/** Requests the time of the venue until a reading is accepted. Resolves to the failure, if any. */
export async function checkClock(rest: PublicRest, clock: VenueClock): Promise<RestFailure | undefined> {
  for (let i = 0; i < TRIES; i += 1) {
    const time = await rest.ask(serverTime, undefined);
    if (time.kind === 'FAILURE') return time;
    if (clock.measure(time)) return undefined;
  }
  return undefined;
}
