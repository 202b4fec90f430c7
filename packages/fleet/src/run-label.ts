import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { ModeChoice } from './resolve-mode.ts';

/** A recording's file as far as it tells one recording from another. */
export interface RecordingFile {
  readonly path: string;
  readonly bytes: number;
}

const short = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 10);

/**
 * Names the run a start belongs to: mode with network and account, with the recording (file names and sizes, wherever
 * they lie), or with the seed. The same run goes on where it stopped; another one's keys are archived.
 * @param apiKey names the account in live; only a hash of it is used
 */
export function runLabel(mode: ModeChoice, apiKey: string, recording: readonly RecordingFile[]): string {
  if (mode.mode === 'live') return `live:${mode.network}:${short(apiKey.trim())}`;
  if (mode.mode === 'public') return `public:${mode.network}`;
  if (mode.source?.kind === 'replay') {
    const files = recording.map(({ path, bytes }) => `${basename(path)} ${bytes}`);
    const first = basename(recording[0]?.path ?? 'empty').replace(/(\.(gz|dat|jsonl|json|txt|log))+$/, '');
    return `synthetic:replay:${first.slice(0, 60)}:${short(files.join('\n'))}`;
  }
  return `synthetic:seed:${mode.source?.seed ?? 0}`;
}
