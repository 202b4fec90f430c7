import { ok, type ServedEndpoint } from '../endpoint.ts';
import { signedEndpoint } from './signed-endpoint.ts';

/** `/sapi` paths of the spot host that ccxt reads, with a key, before it trades: networks of coins and margin pairs. There are none. */
export const spotHostEndpoints: readonly ServedEndpoint[] = [
  signedEndpoint({
    method: 'GET',
    path: '/sapi/v1/capital/config/getall',
    weight: () => 10,
    answer: () => ok([]),
  }),
  { method: 'GET', path: '/sapi/v1/margin/allPairs', weight: () => 1, answer: () => ok([]) },
];
