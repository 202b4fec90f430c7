import { serverTime } from '@helios/binance/rest/endpoints/server-time.ts';
import type { PublicRest } from '@helios/binance/rest/public-rest.ts';
import type { RestFailure } from '@helios/binance/rest/rest-answer.ts';
import type { VenueClock } from './venue-clock.ts';

/** One that is wrong, and two that agree. */
const TRIES = 3;

/** Asks the venue for its time until that is believed. Resolves to what went wrong, if anything did. */
export async function checkClock(rest: PublicRest, clock: VenueClock): Promise<RestFailure | undefined> {
  for (let i = 0; i < TRIES; i += 1) {
    const time = await rest.ask(serverTime, undefined);
    if (time.kind === 'FAILURE') return time;
    if (clock.measure(time)) return undefined;
  }
  return undefined;
}
