import { restUrlOf } from '@helios/binance/rest/venue-hosts.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { admitLive } from './doctor/admit-live.ts';
import type { DoctorFinding } from './doctor/finding.ts';
import type { ModeChoice } from './resolve-mode.mjs';
import { StartRefused } from './start-refused.ts';
import { verifyCredentials } from './verify-credentials.ts';

/**
 * Checks before the start whether the mode may run. For live mode the venue must accept the credentials, and the doctor
 * must find no fault.
 * @param local findings of the doctor about this machine
 * @returns false if the operator ended the start meanwhile
 * @throws StartRefused if the venue refuses the credentials, or on a fault; the fleet never falls back to another mode
 */
export async function admitMode(
  { mode, network }: ModeChoice,
  settings: Settings,
  local: readonly DoctorFinding[],
  say: (line: string) => void,
  stop: AbortSignal,
): Promise<boolean> {
  if (mode !== 'live' || network === 'none') return !stop.aborted;
  const { api_key, api_secret, rest_url } = settings.binance;
  const venue = { network, url: restUrlOf(network, rest_url) };
  const checked = await verifyCredentials({ venue, apiKey: api_key, apiSecret: api_secret, say, stop });
  if (checked.kind === 'REFUSED') throw new StartRefused(checked.lines);
  if (checked.kind === 'STOPPED') return false;
  say(
    `Credentials: accepted by the venue (${network}, ${venue.url}); ${checked.account.availableBalance} USD available`,
  );
  await admitLive(settings, local, say, stop);
  return !stop.aborted;
}
