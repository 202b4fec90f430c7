import { createHash } from 'node:crypto';
import { type RecordingFile, recordingLabel } from '@helios/market-data/recording-label.ts';
import type { ModeChoice } from './resolve-mode.mjs';

const short = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 10);

/** A longer address is cut and gets a hash: a run name has at most 200 characters. */
const MAX_VENUE_LENGTH = 60;

/**
 * Names the run of a start: the mode, plus venue and account, or the recording (file names and sizes, not folders), or the
 * seed. The same run continues where it stopped; keys of another run are archived. A custom venue is part of the name, so
 * that its account never mixes with that of the real venue.
 * @param apiKey identifies the account in live mode; only its hash is used
 */
export function runLabel(mode: ModeChoice, apiKey: string, recording: readonly RecordingFile[]): string {
  const custom = mode.venue === undefined ? undefined : `custom:${venueName(mode.venue)}`;
  if (mode.mode === 'live') {
    const venue = custom === undefined ? mode.network : `${mode.network}:${custom}`;
    return `live:${venue}:${short(apiKey.trim())}`;
  }
  if (mode.mode === 'public') return `public:${custom ?? mode.network}`;
  if (mode.source?.kind === 'replay') return recordingLabel(recording);
  return `synthetic:seed:${mode.source?.seed ?? 0}`;
}

function venueName(venue: string): string {
  return venue.length <= MAX_VENUE_LENGTH ? venue : `${venue.slice(0, MAX_VENUE_LENGTH)}:${short(venue)}`;
}
