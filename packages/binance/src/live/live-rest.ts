import { createSignedRest, type SignedRest, type SignedRestOptions } from '../rest/signed-rest.ts';
import type { LiveVenueOptions } from './live-venue-options.ts';

/** A request is answered within this time, or its outcome is unknown. */
const TIMEOUT_MS = 4_000;
/** The venue refuses a request that reaches it later than this. Until then an order of unknown outcome may still arrive. */
const RECV_WINDOW_MS = 5_000;

/** The signed requests of live trading. `onHeaders` gets the headers of each answer. */
export function createLiveRest(
  { restUrl, apiKey, sign, http, now }: LiveVenueOptions,
  onHeaders: NonNullable<SignedRestOptions['onHeaders']>,
): SignedRest {
  const times = { timeoutMs: TIMEOUT_MS, recvWindowMs: RECV_WINDOW_MS, now };
  return createSignedRest({ baseUrl: restUrl, apiKey, sign, http, ...times, onHeaders });
}
