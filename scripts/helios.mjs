/**
 * The launcher: makes sure of Node 24, the dependencies and a Redis server, then runs the command on them.
 * Plain JavaScript for Node 18 and later, with nothing installed.
 */
import { CommandLineError, USAGE_EXIT_CODE } from '../packages/shared/src/runtime/cli/command-line.mjs';
import { runCommand } from './door/commands.mjs';
import { Failure } from './door/failure.mjs';

/** The message alone if the user can mend the fault: a wrong command line, or what the system refuses. */
function textOf(error) {
  if (error instanceof Failure || error instanceof CommandLineError) return error.message;
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR'].includes(error?.code)) return undefined;
  return `The system refuses: ${error.message}.\nHelios needs a folder that this user may write in, with free space.`;
}

try {
  process.exitCode = await runCommand(process.argv[2], process.argv.slice(3));
} catch (error) {
  const text = textOf(error);
  if (text === undefined) throw error;
  process.stderr.write(`\n${text}\n`);
  process.exitCode = error instanceof CommandLineError ? USAGE_EXIT_CODE : 1;
}
