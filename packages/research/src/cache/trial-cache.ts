import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { makeFolder } from '@helios/shared/runtime/make-folder.ts';
import { TrialResult } from '../trial.ts';

const [zip, unzip] = [promisify(gzip), promisify(gunzip)];

/** Ending of an entry, and of one that is being written. */
const ENTRY = '.json.gz';
const DRAFT = '.part';
/** Drafts of a killed process, ms. */
const OLD_DRAFT_MS = 3_600_000;

/** Files and bytes of a cache. */
export interface CacheSize {
  readonly entries: number;
  readonly bytes: number;
}

/** Results of trials in a folder, one file each, found by the hash of code, data and settings. */
export class TrialCache {
  readonly #folder: string;
  #drafts = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The stored result; undefined without one. DAMAGED: a file that is torn or holds something else. */
  async read(id: string): Promise<TrialResult | 'DAMAGED' | undefined> {
    const file = this.#fileOf(id);
    const packed = await readFile(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (packed === undefined) return undefined;
    const result = await resultIn(packed, id);
    if (result === undefined) return 'DAMAGED';
    // Marks it as used: the least used ones are deleted first. A folder that only can be read keeps its order.
    await utimes(file, new Date(), new Date()).catch(() => {});
    return result;
  }

  /** Stores a result under a temporary name first, so that a killed process leaves no torn entry. */
  async write(result: TrialResult): Promise<void> {
    const file = this.#fileOf(result.id);
    this.#drafts += 1;
    const draft = `${file}.${process.pid}.${this.#drafts}${DRAFT}`;
    await makeFolder(join(file, '..'));
    try {
      // The checksum of gzip finds a changed byte.
      await writeFile(draft, await zip(JSON.stringify(result), { level: 1 }));
      await rename(draft, file);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  /** Deletes the least recently used entries above `maxBytes`, and drafts that nobody finishes. Returns what is left. */
  async prune(maxBytes: number, nowMs: number): Promise<CacheSize> {
    const files = await this.#files();
    let left: CacheSize = { entries: 0, bytes: 0 };
    for (const { path, bytes, usedMs } of files.toSorted((a, b) => b.usedMs - a.usedMs)) {
      const isDraft = path.endsWith(DRAFT);
      const isSurplus = isDraft ? nowMs - usedMs > OLD_DRAFT_MS : left.bytes + bytes > maxBytes;
      if (isSurplus) await rm(path, { force: true });
      else left = { entries: left.entries + (isDraft ? 0 : 1), bytes: left.bytes + bytes };
    }
    return left;
  }

  #fileOf(id: string): string {
    return join(this.#folder, id.slice(0, 2), `${id}${ENTRY}`);
  }

  async #files() {
    const names = await readdir(this.#folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    const paths = names.filter((name) => name.endsWith(ENTRY) || name.endsWith(DRAFT));
    const found = await Promise.all(
      paths.map(async (name) => {
        const path = join(this.#folder, name);
        // Another search may have deleted or renamed it meanwhile.
        const known = await stat(path).catch(() => undefined);
        return known === undefined ? [] : [{ path, bytes: known.size, usedMs: known.mtimeMs }];
      }),
    );
    return found.flat();
  }
}

/** The result in a file; undefined if the file is torn, changed, or of another trial. */
async function resultIn(packed: Buffer, id: string): Promise<TrialResult | undefined> {
  try {
    const result = TrialResult.safeParse(JSON.parse((await unzip(packed)).toString()));
    return result.success && result.data.id === id ? result.data : undefined;
  } catch {
    // The callers count and report it.
    return undefined;
  }
}
