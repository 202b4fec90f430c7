import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { FileHashes } from '../file-hashes.ts';
import type { NeededFile } from './queue-options.ts';

/** Least time between two walks through the folders for files that are missing, ms. */
const WALK_MS = 10_000;

/** Finds data files by name and content in some folders and their subfolders. */
export class FileFinder {
  readonly #folders: readonly string[];
  readonly #hashes: FileHashes;
  #places: ReadonlyMap<string, readonly string[]> = new Map();
  #walkedMs = Number.NEGATIVE_INFINITY;

  constructor(folders: readonly string[], hashes: FileHashes) {
    this.#folders = folders;
    this.#hashes = hashes;
  }

  /** Path of a file with this name and content; undefined if no folder has it. */
  async find(file: NeededFile, nowMs: number): Promise<string | undefined> {
    const known = await this.#among(file);
    if (known !== undefined || nowMs - this.#walkedMs < WALK_MS) return known;
    this.#walkedMs = nowMs;
    this.#places = await placesIn(this.#folders);
    return await this.#among(file);
  }

  async #among({ name, bytes, sha256 }: NeededFile): Promise<string | undefined> {
    for (const path of this.#places.get(name) ?? []) if (await this.#isThis(path, bytes, sha256)) return path;
    return undefined;
  }

  async #isThis(path: string, bytes: number, sha256: string): Promise<boolean> {
    try {
      return (await stat(path)).size === bytes && (await this.#hashes.of(path)) === sha256;
    } catch {
      // Deleted or unreadable since the walk: not there for us.
      return false;
    }
  }
}

async function placesIn(folders: readonly string[]): Promise<Map<string, string[]>> {
  const places = new Map<string, string[]>();
  for (const folder of folders)
    for await (const path of filesBelow(folder)) {
      places.set(basename(path), [...(places.get(basename(path)) ?? []), path]);
    }
  return places;
}

/** A folder that is gone or closed to us hides its own files only. */
async function* filesBelow(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else yield path;
  }
}
