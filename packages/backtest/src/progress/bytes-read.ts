import { statSync } from 'node:fs';
import type { RunProgress } from './progress-line.ts';

/** Begins a phase that reads all bytes of these files once. Returns what to call with the size of each piece. */
export function bytesRead(
  files: readonly string[],
  progress: RunProgress | undefined,
  what: string,
): ((bytes: number) => void) | undefined {
  if (progress === undefined) return undefined;
  const total = files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
  let read = 0;
  progress.begin(what);
  return (bytes) => {
    read += bytes;
    progress.at(total === 0 ? 1 : read / total);
  };
}
