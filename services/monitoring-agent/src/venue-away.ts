import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import type { VenueStatus } from '@helios/shared/domain/venue-status.ts';
import type { Condition } from './alert-codes.ts';

/** The condition VENUE_AWAY by the ingestor's record; undefined while the venue answers, and in synthetic mode. */
export function venueAway(status: VenueStatus | undefined, { mode }: FleetMode): Condition | undefined {
  if (status === undefined || status.state === 'ANSWERING' || mode === 'synthetic') return undefined;
  const { state, problem, advice, away_since_ts } = status;
  const since = away_since_ts === undefined ? '' : ` since ${utc(away_since_ts)}`;
  return {
    code: 'VENUE_AWAY',
    service: mode === 'public' ? 'public-price-ingestor' : 'data-ingestor',
    subject: 'venue',
    message: `The venue is unavailable${since}: ${state}${problem ? `, ${problem}` : ''}`,
    gist: state,
    ...(advice === undefined ? {} : { action: advice }),
  };
}

const utc = (ts: number): string => `${new Date(ts).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
