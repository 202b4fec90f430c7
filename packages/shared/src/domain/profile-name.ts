import type { Mode } from './fleet.ts';
import type { Settings } from './settings.ts';

/**
 * Which trading profile a run follows. SIMULATION: the paper account with a fixed size. LIVE_ON_PAPER: the risk rules of live
 * trading on the paper account. LIVE: orders on the venue.
 */
export type ProfileName = 'SIMULATION' | 'LIVE_ON_PAPER' | 'LIVE';

/** The profile of a run: LIVE in live mode, else the configured one. */
export function profileNameOf(mode: Mode, { profile }: Pick<Settings['simulation'], 'profile'>): ProfileName {
  return mode === 'live' ? 'LIVE' : paperProfileNameOf({ profile });
}

/** The profile of the paper account. */
export function paperProfileNameOf({ profile }: Pick<Settings['simulation'], 'profile'>): ProfileName {
  return profile === 'live' ? 'LIVE_ON_PAPER' : 'SIMULATION';
}
