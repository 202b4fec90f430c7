/**
 * The door: makes sure of Node 24, the dependencies and a Redis server, then runs the command on them.
 * Plain JavaScript for Node 18 and later, with nothing installed.
 */
import { runCommand } from './door/commands.mjs';
import { Failure } from './door/failure.mjs';

try {
  process.exitCode = await runCommand(process.argv[2], process.argv.slice(3));
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
}
