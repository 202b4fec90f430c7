import { restUrlOf } from '@helios/binance/rest/venue-hosts.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { ModeChoice } from './resolve-mode.mjs';
import { StartRefused } from './start-refused.ts';
import { verifyCredentials } from './verify-credentials.ts';

/**
 * Asks whoever has a say in a mode before anything is started in it: for live the venue, which has to take the credentials.
 * @returns false where the start was ended meanwhile
 * @throws StartRefused where the venue refuses them: that is never a downgrade to another mode
 */
export async function admitMode(
  { mode, network }: ModeChoice,
  { api_key, api_secret, rest_url }: Settings['binance'],
  say: (line: string) => void,
  stop: AbortSignal,
): Promise<boolean> {
  if (mode !== 'live' || network === 'none') return !stop.aborted;
  const venue = { network, url: restUrlOf(network, rest_url) };
  const checked = await verifyCredentials({ venue, apiKey: api_key, apiSecret: api_secret, say, stop });
  if (checked.kind === 'REFUSED') throw new StartRefused(checked.lines);
  if (checked.kind === 'STOPPED') return false;
  say(`Credentials: taken by the venue (${network}, ${venue.url}); ${checked.account.availableBalance} USD are free`);
  return true;
}
