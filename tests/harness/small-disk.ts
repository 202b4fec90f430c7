import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FILLER = 'filler';
const CHUNK = Buffer.alloc(64 * 1024);

/** A disk in memory that a test can fill. */
export class SmallDisk {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** False if this user may not mount one. */
  static isPossible(): boolean {
    const folder = mkdtempSync(join(tmpdir(), 'helios-disk-'));
    const isMounted = mount(folder, 1);
    if (isMounted) unmount(folder);
    rmdirSync(folder);
    return isMounted;
  }

  /** Mounts it on this folder, which it creates. */
  static at(folder: string, megabytes: number): SmallDisk {
    mkdirSync(folder, { recursive: true });
    if (!mount(folder, megabytes)) throw new Error(`no disk could be mounted at ${folder}`);
    return new SmallDisk(folder);
  }

  /** Writes until the disk is full. */
  fill(): void {
    try {
      for (;;) writeFileSync(join(this.#folder, FILLER), CHUNK, { flag: 'a' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }

  /** Deletes what `fill` wrote. */
  clear(): void {
    rmSync(join(this.#folder, FILLER));
  }

  /** Unmounts the disk with its content; no process may have a file of it open. */
  remove(): void {
    unmount(this.#folder);
  }
}

const mount = (folder: string, megabytes: number): boolean =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'helios-test', folder]).status === 0;

function unmount(folder: string): void {
  const { status, stderr } = spawnSync('umount', [folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${folder} cannot be unmounted: ${stderr}`);
}
