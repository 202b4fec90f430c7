import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. Helios writes nothing outside it; npm keeps its own cache elsewhere. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Folder of everything that is fetched or made at run time. You may delete it while no fleet runs. */
export const home = join(root, '.helios');

/** A path in `.helios/`. */
export const inHome = (...parts) => join(home, ...parts);

const DAY_MS = 86_400_000;

/** Makes the folders for child processes, and deletes old files from the temporary folder. */
export function preparePlace() {
  for (const folder of ['toolchain', 'stamps', 'compile-cache', 'cache', 'tmp'])
    mkdirSync(inHome(folder), { recursive: true });
  for (const name of readdirSync(inHome('tmp'))) {
    const path = inHome('tmp', name);
    if (Date.now() - statSync(path, { throwIfNoEntry: false })?.mtimeMs > DAY_MS) {
      rmSync(path, { recursive: true, force: true });
    }
  }
}
