import { CommandLineError, USAGE_EXIT_CODE } from '../../packages/shared/src/runtime/cli/command-line.mjs';
import { runCommand } from './commands.mjs';
import { Failure } from './failure.mjs';

/** Advice on system errors that the user can correct, by error code. */
const ADVICE = {
  ...Object.fromEntries(
    ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR'].map((code) => [
      code,
      'Helios needs a folder that this user may write in, with free space.',
    ]),
  ),
  EMFILE: 'Raise the limit of open files: ulimit -n 1024, then run the command again.',
  ENFILE: 'All programs together have too many files open: end some of them, then run the command again.',
};

/** The message alone if the user can correct the fault: a wrong command line, or a system error with advice. */
function textOf(error) {
  if (error instanceof Failure || error instanceof CommandLineError) return error.message;
  const advice = ADVICE[error?.code];
  return advice === undefined ? undefined : `The system refuses: ${error.message}.\n${advice}`;
}

/** Runs one command with its arguments. @returns {Promise<number>} its exit code */
export async function launch([name, ...args]) {
  try {
    return await runCommand(name, args);
  } catch (error) {
    const text = textOf(error);
    if (text === undefined) throw error;
    process.stderr.write(`\n${text}\n`);
    return error instanceof CommandLineError ? USAGE_EXIT_CODE : 1;
  }
}
