import { setTimeout as pause } from 'node:timers/promises';
import { SettingsError } from '../config/settings-error.ts';
import { BusFault, BusUnavailable, HopelessStart, StartBlocked } from '../errors.ts';
import { type CommandLine, CommandLineError, helpOf, parseCommandLine, USAGE_EXIT_CODE } from './command-line.mjs';
import { COMMAND_SPECS, type CommandName } from './command-specs.mjs';
import { printableLines } from './printable.ts';

const POLL_MS = 5;

/** Errors whose message says what happened, why and what to do. */
const PLAIN = [CommandLineError, HopelessStart, StartBlocked, SettingsError, BusUnavailable, BusFault] as const;

const PATH_ADVICE = 'Check the path, its permissions, the port and the free space, then run the command again.';
const PATH_CODES = ['ENOENT', 'EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOTDIR', 'ENOSPC', 'EDQUOT', 'EADDRINUSE'];

/** What the system refuses and the operator can mend. Its message names the call and the path. */
const ADVICE: Readonly<Record<string, string>> = {
  ...Object.fromEntries(PATH_CODES.map((code) => [code, PATH_ADVICE])),
  EMFILE: 'Raise the limit of open files: ulimit -n 1024, then run the command again.',
  ENFILE: 'All programs together have too many files open: end some of them, then run the command again.',
};

/** What to show the operator of an error. Only a fault of ours shows its stack. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (PLAIN.some((plain) => error instanceof plain)) return error.message;
  const advice = ADVICE[String((error as NodeJS.ErrnoException).code)];
  return advice === undefined ? (error.stack ?? error.message) : `The system refuses: ${error.message}.\n${advice}`;
}

/** Bits that files of this process and its children never have: other users of the machine may not read them. */
export const FOR_OTHERS = 0o077;

/**
 * Runs `main` as this process. Its files are its owner's alone. Ends it with the exit code of `main`, or after an error with 1
 * (2 for the command line).
 * @param readWithinMs how long the end waits for who reads the output, which may be a pager; by default as long as it takes
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
    // Nobody reads any more: there is nothing to wait for.
    stream.on('error', () => {});
    while (stream.writableLength > 0 && !stream.destroyed && performance.now() < deadline) await pause(POLL_MS);
  }
}

/** Reads what was typed after a command, answers `--help`, or else runs `main` as this process. */
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

/** Reads the arguments of a command. Throws CommandLineError. */
export function readCommandLine(name: CommandName, args: readonly string[]): CommandLine {
  return parseCommandLine(name, COMMAND_SPECS[name], args);
}

/** The folder in which the command was typed: relative file names start there. */
export function typedFolder(): string {
  return process.env['HELIOS_CWD'] ?? process.cwd();
}
