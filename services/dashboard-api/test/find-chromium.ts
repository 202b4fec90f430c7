import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Advice if there is no browser. */
export const CHROMIUM_ADVICE =
  'install Chromium (apt-get install -y chromium-headless-shell) or let HELIOS_CHROMIUM name the program';

/** The first has no window, and uses two thirds of the CPU time of the others. */
const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];

/** HELIOS_CHROMIUM, else a Chromium on the PATH; `undefined` without one. */
export function findChromium(): string | undefined {
  const named = process.env['HELIOS_CHROMIUM'];
  if (named) return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
