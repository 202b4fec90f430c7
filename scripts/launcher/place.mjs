import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. Nothing is written outside it; npm keeps its own cache. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Everything fetched or made at run time lives in here and may be deleted while no fleet runs. */
export const home = join(root, '.helios');

/** A path below `.helios/`. */
export const inHome = (...parts) => join(home, ...parts);

const DAY_MS = 86_400_000;

/** Makes the folders every child is pointed to, and clears what earlier commands left in the temporary one. */
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
