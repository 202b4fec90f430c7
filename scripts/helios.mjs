/**
 * The launcher: installs Node 24, the dependencies and a Redis server if they are missing, then runs the command.
 * Plain JavaScript for Node 18 and later; it needs no dependencies.
 */
import { openFilesRefusal } from './launcher/open-files.mjs';

const refusal = openFilesRefusal(process.argv[2]);
if (refusal === undefined) {
  // Import these only now: with too few open files Node fails to load them, with a stack trace.
  const { launch } = await import('./launcher/launch.mjs');
  process.exitCode = await launch(process.argv.slice(2));
} else {
  process.stderr.write(`\n${refusal}\n`);
  process.exitCode = 1;
}
