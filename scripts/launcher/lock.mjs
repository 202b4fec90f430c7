import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { inHome } from './place.mjs';
import { processBegan } from './process.mjs';

const folder = () => inHome('launcher.lock');

/** File with the process id and the start time of the owner: after a power cut another process may have the same id. */
const ownerFile = () => `${folder()}/owner`;

function owner() {
  try {
    const { pid, began } = JSON.parse(readFileSync(ownerFile(), 'utf8'));
    return { pid, began };
  } catch {
    // The file is not written yet, or cut off.
    return undefined;
  }
}

function take() {
  try {
    mkdirSync(folder());
    writeFileSync(ownerFile(), JSON.stringify({ pid: process.pid, began: processBegan(process.pid) }));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

/** Runs `work` while no other command of this project fetches anything. Takes over a lock whose owner is gone. */
export async function whileAlone(work) {
  let told = false;
  let ownerless = 0;
  while (!take()) {
    const other = owner();
    // The lock has no owner between the creation of the folder and the write of the owner.
    ownerless = other === undefined ? ownerless + 1 : 0;
    if (ownerless > 10 || (other !== undefined && processBegan(other.pid) !== other.began)) {
      rmSync(folder(), { recursive: true, force: true });
      continue;
    }
    if (!told && other !== undefined) {
      process.stderr.write(
        `  waiting for another command (process ${other.pid}) to finish fetching … (if it never does: rm -r ${folder()})\n`,
      );
    }
    told ||= other !== undefined;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const release = () => rmSync(folder(), { recursive: true, force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}
