import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { ModeChoice } from './resolve-mode.mjs';

/** The properties of a file that identify a recording. */
export interface RecordingFile {
  readonly path: string;
  readonly bytes: number;
}

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
