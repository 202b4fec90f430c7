import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HopelessStart } from './errors.ts';

/**
 * Makes a folder and those above it, if they are missing. Node's own recursive mkdir never ends where the system makes no folder, as
 * below /proc. Rejects with HopelessStart where a file has the name, and with the error of the system.
 */
export async function makeFolder(folder: string): Promise<void> {
  const known = await stat(folder).catch(() => undefined);
  if (known?.isDirectory()) return;
  if (known !== undefined)
    throw new HopelessStart(`${folder} is a file, and a folder is needed there. Name another folder.`);
  const above = dirname(folder);
  if (above !== folder) await makeFolder(above);
  await mkdir(folder).catch(async (error: NodeJS.ErrnoException) => {
    // Another process may have made it meanwhile.
    const made = error.code === 'EEXIST' ? await stat(folder) : undefined;
    if (!made?.isDirectory()) throw error;
  });
}
