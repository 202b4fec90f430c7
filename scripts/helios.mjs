/**
 * The launcher: makes sure of Node 24, the dependencies and a Redis server, then runs the command on them.
 * Plain JavaScript for Node 18 and later, with nothing installed.
 */
import { openFilesRefusal } from './launcher/open-files.mjs';

const refusal = openFilesRefusal(process.argv[2]);
if (refusal === undefined) {
  // Only now: with too few open files Node fails to load these, with a stack.
  const { launch } = await import('./launcher/launch.mjs');
  process.exitCode = await launch(process.argv.slice(2));
} else {
  process.stderr.write(`\n${refusal}\n`);
  process.exitCode = 1;
}
