import { createHash } from 'node:crypto';
import { basename } from 'node:path';

/** The properties of a file that identify a recording. */
export interface RecordingFile {
  readonly path: string;
  readonly bytes: number;
}

/** Names a session of recordings by file names and sizes, not by folders. A replay and a backtest of the same files get the same name. */
export function recordingLabel(files: readonly RecordingFile[]): string {
  const first = basename(files[0]?.path ?? 'empty').replace(/(\.(gz|dat|jsonl|json|txt|log))+$/, '');
  const content = files.map(({ path, bytes }) => `${basename(path)} ${bytes}`).join('\n');
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10);
  return `synthetic:replay:${first.slice(0, 60)}:${hash}`;
}
