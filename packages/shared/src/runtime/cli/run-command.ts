import { setTimeout as pause } from 'node:timers/promises';
import { SettingsError } from '../config/settings-error.ts';
import { BusFault, BusUnavailable, HopelessStart, StartBlocked } from '../errors.ts';
import { type CommandLine, CommandLineError, helpOf, parseCommandLine, USAGE_EXIT_CODE } from './command-line.mjs';
import { COMMAND_SPECS, type CommandName } from './command-specs.mjs';
import { printableLines } from './printable.ts';

const POLL_MS = 5;

/** Errors with a message that says what happened, why and what to do. */
const PLAIN = [CommandLineError, HopelessStart, StartBlocked, SettingsError, BusUnavailable, BusFault] as const;

const PATH_ADVICE = 'Check the path, its permissions, the port and the free space, then run the command again.';
const PATH_CODES = [
  ...['ENOENT', 'EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOTDIR', 'EEXIST'],
  ...['ENOSPC', 'EDQUOT', 'EFBIG', 'EADDRINUSE'],
];

/** Advice by system error code, for faults that the operator can correct. The error's message names the call and the path. */
const ADVICE: Readonly<Record<string, string>> = {
  ...Object.fromEntries(PATH_CODES.map((code) => [code, PATH_ADVICE])),
  EMFILE: 'Raise the limit of open files: ulimit -n 1024, then run the command again.',
  ENFILE: 'All programs together have too many files open: end some of them, then run the command again.',
};

/** The text of an error for the operator. Only a bug shows its stack. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (PLAIN.some((plain) => error instanceof plain)) return error.message;
  const advice = ADVICE[String((error as NodeJS.ErrnoException).code)];
  return advice === undefined
    ? (error.stack ?? error.message)
    : `The operating system refuses: ${error.message}.\n${advice}`;
}

/** Permission bits that new files of this process and its children never have, so that other users cannot read them. */
export const FOR_OTHERS = 0o077;

/**
 * Runs `main` as this process and ends the process with its exit code, or with 1 after an error (2 for the command line).
 * Other users cannot read the files of the process.
 * @param readWithinMs maximum wait until a pipe has read the output; by default no maximum, because it may be a pager
 */
export async function runToEnd(main: () => Promise<number>, readWithinMs = Number.POSITIVE_INFINITY): Promise<never> {
  process.umask(FOR_OTHERS);
  try {
    const code = await main();
    await outputRead(readWithinMs);
    process.exit(code);
  } catch (error) {
    console.error(`\n${printableLines(messageOf(error))}`);
    await outputRead(readWithinMs);
    process.exit(error instanceof CommandLineError ? USAGE_EXIT_CODE : 1);
  }
}

/** Node queues what a pipe does not take at once, and `process.exit` throws the queue away. */
async function outputRead(withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (const stream of [process.stdout, process.stderr]) {
    // The reader is gone: stop waiting.
    stream.on('error', () => {});
    while (stream.writableLength > 0 && !stream.destroyed && performance.now() < deadline) await pause(POLL_MS);
  }
}

/** Parses the arguments of a command. Prints the help for `--help`, else runs `main` as this process. */
export function runCommand(
  name: CommandName,
  main: (line: CommandLine) => Promise<number>,
  readWithinMs?: number,
): Promise<never> {
  return runToEnd(async () => {
    const line = readCommandLine(name, process.argv.slice(2));
    if (!line.has('help')) return main(line);
    console.log(helpOf(name, COMMAND_SPECS[name]));
    return 0;
  }, readWithinMs);
}

/** Parses the arguments of a command. Throws CommandLineError. */
export function readCommandLine(name: CommandName, args: readonly string[]): CommandLine {
  return parseCommandLine(name, COMMAND_SPECS[name], args);
}

/** The folder that the operator typed the command in; relative file names start there. */
export function typedFolder(): string {
  return process.env['HELIOS_CWD'] ?? process.cwd();
}
