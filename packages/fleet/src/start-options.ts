import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RecordedMarket } from '@helios/market-data/recorded-market.ts';
import type { RecordingFile } from '@helios/market-data/recording-label.ts';
import type { SyntheticSource } from '@helios/shared/domain/fleet.ts';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { problemInRecording } from './recording-sample.ts';

import { StartRefused } from './start-refused.ts';

type Replay = Extract<SyntheticSource, { kind: 'replay' }>;

/** The options after `npm start --`. */
export interface StartOptions {
  readonly detach: boolean;
  readonly replay: Replay | undefined;
  /** A file of recorded posts; reddit-ingestor plays it instead of reading Reddit. */
  readonly posts?: string;
}

/**
 * The start options of a command line.
 * @param cwd base folder of relative file names
 * @throws CommandLineError for options that do not fit together
 */
export function readStartOptions(line: CommandLine, cwd: string): StartOptions {
  const files = line.texts('replay').map((file) => resolve(cwd, file));
  const exit = line.has('exit');
  const posts = line.text('posts');
  const detach = line.has('detach');
  if (files.length === 0 && (line.has('speed') || line.has('market') || exit)) {
    throw line.problem('--speed, --market and --exit work with --replay only.');
  }
  const market = readMarket(line);
  const replay = { kind: 'replay', files, speed: readSpeed(line), exit, ...(market && { market }) } as const;
  return {
    detach,
    replay: files.length === 0 ? undefined : replay,
    ...(posts === undefined ? {} : { posts: resolve(cwd, posts) }),
  };
}

function readMarket(line: CommandLine): 'spot' | undefined {
  const market = line.text('market') ?? 'usdm';
  if (market === 'usdm') return undefined;
  if (market === 'spot') return 'spot';
  throw line.problem(`--market must be usdm or spot, not ${market}. Helios cannot play COIN-M.`);
}

function readSpeed(line: CommandLine): number | 'max' {
  if (line.text('speed') === 'max') return 'max';
  const speed = line.number('speed', { fallback: 1, min: 0, max: 1_000 });
  if (speed > 0) return speed;
  throw line.problem('--speed must be a number above 0 (at most 1000), or max.');
}

/**
 * Checks every recording before anything starts.
 * @throws StartRefused that lists each file that is missing, unreadable, empty, not what its name says or of another market
 */
export function checkRecordings(replay: Pick<Replay, 'files' | 'market'>): RecordingFile[] {
  const { files, market = 'usdm' } = replay;
  const problems: string[] = [];
  const found: RecordingFile[] = [];
  for (const path of files) {
    const problem = problemWith(path, market);
    if (problem === undefined) found.push({ path, bytes: statSync(path).size });
    else problems.push(`  • ${path}: ${problem}`);
  }
  const twice = files.filter((path, at) => files.indexOf(path) !== at);
  for (const path of new Set(twice)) problems.push(`  • ${path}: is named twice`);
  if (problems.length === 0) return found;
  throw new StartRefused(['Helios cannot play the recording, so nothing was started:', ...problems]);
}

function problemWith(path: string, market: RecordedMarket): string | undefined {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return 'is not a file; name the recording’s files one by one';
    if (stats.size === 0) return 'is empty';
    accessSync(path, constants.R_OK);
    return problemInRecording(path, market);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist; check the path';
    if (code === 'EACCES' || code === 'EPERM') return 'is not readable for this user; change its permissions';
    return `cannot be read (${code ?? error})`;
  }
}
