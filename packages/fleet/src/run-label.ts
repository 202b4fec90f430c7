import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { ModeChoice } from './resolve-mode.mjs';

/** A recording's file as far as it tells one recording from another. */
export interface RecordingFile {
  readonly path: string;
  readonly bytes: number;
}

const short = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 10);

/** A longer address is cut and made unique by a hash: a run has at most 200 characters. */
const MAX_VENUE_LENGTH = 60;

/**
 * Names the run a start belongs to: mode with venue and account, with the recording (file names and sizes, wherever
 * they lie), or with the seed. The same run goes on where it stopped; another one's keys are archived.
 * A venue that is not the network's own is part of the name: its account is never mixed with that of the real venue.
 * @param apiKey names the account in live; only a hash of it is used
 */
export function runLabel(mode: ModeChoice, apiKey: string, recording: readonly RecordingFile[]): string {
  const custom = mode.venue === undefined ? undefined : `custom:${venueName(mode.venue)}`;
  if (mode.mode === 'live') {
    const venue = custom === undefined ? mode.network : `${mode.network}:${custom}`;
    return `live:${venue}:${short(apiKey.trim())}`;
  }
  if (mode.mode === 'public') return `public:${custom ?? mode.network}`;
  if (mode.source?.kind === 'replay') {
    const files = recording.map(({ path, bytes }) => `${basename(path)} ${bytes}`);
    const first = basename(recording[0]?.path ?? 'empty').replace(/(\.(gz|dat|jsonl|json|txt|log))+$/, '');
    return `synthetic:replay:${first.slice(0, 60)}:${short(files.join('\n'))}`;
  }
  return `synthetic:seed:${mode.source?.seed ?? 0}`;
}

function venueName(venue: string): string {
  return venue.length <= MAX_VENUE_LENGTH ? venue : `${venue.slice(0, MAX_VENUE_LENGTH)}:${short(venue)}`;
}
