import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { inHome } from './place.mjs';

const folder = () => inHome('door.lock');

function owner() {
  try {
    return Number(readFileSync(`${folder()}/pid`, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function take() {
  try {
    mkdirSync(folder());
    writeFileSync(`${folder()}/pid`, String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

/** Runs `work` while no other command of this project fetches anything; a lock whose owner is gone is taken over. */
export async function whileAlone(work) {
  let told = false;
  let ownerless = 0;
  while (!take()) {
    const pid = owner();
    // Between making the folder and writing the number there is a moment without one.
    ownerless = pid === undefined ? ownerless + 1 : 0;
    if (ownerless > 10 || (pid !== undefined && !isAlive(pid))) {
      rmSync(folder(), { recursive: true, force: true });
      continue;
    }
    if (!told && pid !== undefined)
      process.stderr.write(`  waiting for another command (process ${pid}) to finish fetching …\n`);
    told ||= pid !== undefined;
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
