import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SyntheticSource } from '@helios/shared/domain/fleet.ts';
import { problemInRecording } from './recording-sample.ts';
import type { RecordingFile } from './run-label.ts';
import { StartRefused } from './start-refused.ts';

/** What was typed after `npm start --`. */
export interface StartOptions {
  readonly detach: boolean;
  readonly help: boolean;
  readonly replay: Extract<SyntheticSource, { kind: 'replay' }> | undefined;
  /** A file of recorded posts that reddit-ingestor plays instead of reading Reddit. */
  readonly posts?: string;
}

/** Shown by `--help` and after a mistyped option. */
export const START_USAGE = [
  'npm start                                  start the fleet; Ctrl-C stops it',
  'npm start -- --detach                      start it in the background (npm run status, npm stop)',
  'npm start -- --replay FILE… [--speed N|max] [--exit]',
  '                                           play recordings instead of a made-up market: N times real time (1 by',
  '                                           default) or as fast as every frame is handled; --exit stops at the end',
  'npm start -- --posts FILE                  play recorded Reddit posts (JSON lines, may be .gz) for the sentiment',
] as const;

const refuse = (problem: string): StartRefused => new StartRefused([problem, ...START_USAGE]);

/**
 * Reads the command line.
 * @param cwd folder that relative file names start from
 * @throws StartRefused for an unknown option or a value that is none
 */
export function parseStartOptions(args: readonly string[], cwd: string): StartOptions {
  const files: string[] = [];
  let speed: number | 'max' | undefined;
  let posts: string | undefined;
  let [detach, help, exit, replay] = [false, false, false, false];
  for (let at = 0; at < args.length; at += 1) {
    const [name, joined] = splitOption(args[at] ?? '');
    if (name === '--detach') detach = true;
    else if (name === '--help' || name === '-h') help = true;
    else if (name === '--exit') exit = true;
    else if (name === '--replay') {
      replay = true;
      if (joined !== undefined) files.push(resolve(cwd, joined));
      while (joined === undefined && at + 1 < args.length && !args[at + 1]?.startsWith('-')) {
        at += 1;
        files.push(resolve(cwd, args[at] ?? ''));
      }
    } else if (name === '--posts') {
      if (joined === undefined) at += 1;
      posts = fileAfter(name, joined ?? args[at], cwd);
    } else if (name === '--speed') {
      if (joined === undefined) at += 1;
      speed = readSpeed(joined ?? args[at]);
    } else throw refuse(`“${args[at]}” is no option of npm start.`);
  }
  if (!replay && (speed !== undefined || exit)) throw refuse('--speed and --exit belong to --replay.');
  if (replay && files.length === 0) throw refuse('--replay needs at least one file.');
  return {
    detach,
    help,
    replay: replay ? { kind: 'replay', files, speed: speed ?? 1, exit } : undefined,
    ...(posts === undefined ? {} : { posts }),
  };
}

function fileAfter(name: string, file: string | undefined, cwd: string): string {
  if (file === undefined || file === '' || file.startsWith('-')) throw refuse(`${name} needs a file.`);
  return resolve(cwd, file);
}

function splitOption(text: string): [name: string, value: string | undefined] {
  const equals = text.startsWith('--') ? text.indexOf('=') : -1;
  return equals < 0 ? [text, undefined] : [text.slice(0, equals), text.slice(equals + 1)];
}

function readSpeed(text: string | undefined): number | 'max' {
  if (text === 'max') return 'max';
  const speed = Number(text);
  if (text !== undefined && text.trim() !== '' && Number.isFinite(speed) && speed > 0 && speed <= 1_000) return speed;
  throw refuse(`--speed is a number above 0 (1000 at most), or max; not “${text ?? ''}”.`);
}

/**
 * Looks at every recording before anything starts.
 * @throws StartRefused listing each file that is missing, unreadable, empty or not what its name says
 */
export function checkRecordings(files: readonly string[]): RecordingFile[] {
  const problems: string[] = [];
  const found: RecordingFile[] = [];
  for (const path of files) {
    const problem = problemWith(path);
    if (problem === undefined) found.push({ path, bytes: statSync(path).size });
    else problems.push(`  • ${path}: ${problem}`);
  }
  const twice = files.filter((path, at) => files.indexOf(path) !== at);
  for (const path of new Set(twice)) problems.push(`  • ${path}: is named twice`);
  if (problems.length === 0) return found;
  throw new StartRefused(['The recording cannot be played, so nothing was started:', ...problems]);
}

function problemWith(path: string): string | undefined {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return 'is not a file; name the recording’s files one by one';
    if (stats.size === 0) return 'is empty';
    accessSync(path, constants.R_OK);
    return problemInRecording(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist; check the path';
    if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user; change its permissions';
    return `cannot be read (${code ?? error})`;
  }
}
