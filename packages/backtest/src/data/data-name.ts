import { statSync } from 'node:fs';
import { recordingLabel } from '@helios/market-data/recording-label.ts';

/** Name of a run of these files: a replay of the same ones has the same name, and so the same signal ids. */
export function runNameOf(files: readonly string[]): string {
  return recordingLabel(files.map((path) => ({ path, bytes: statSync(path).size })));
}
