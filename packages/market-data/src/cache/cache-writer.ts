import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { isProcessRunning } from '@helios/shared/runtime/is-process-running.ts';
import type { CacheContent } from './cache-content.ts';
import { HEADER_BYTES, headerBytes } from './cache-header.ts';

/** Chunks begin at multiples of this, so that their columns are aligned. */
const ALIGNMENT = 8;

/**
 * Writes a cache chunk by chunk into an unfinished file beside it. Only a complete cache gets the final name, so neither a crash nor
 * a full disk leaves half a cache there. Rejects with the system error.
 */
export class CacheWriter {
  readonly #file: string;
  readonly #unfinished: string;
  readonly #handle: FileHandle;
  readonly #chunks: CacheContent['chunks'] = [];
  #at = HEADER_BYTES;

  private constructor(file: string, unfinished: string, handle: FileHandle) {
    this.#file = file;
    this.#unfinished = unfinished;
    this.#handle = handle;
  }

  static async create(file: string): Promise<CacheWriter> {
    await removeAbandoned(file);
    const unfinished = `${file}.${ownerOfHere()}${UNFINISHED}`;
    return new CacheWriter(file, unfinished, await open(unfinished, 'w'));
  }

  async add({ bytes, records }: { readonly bytes: Buffer; readonly records: number }): Promise<void> {
    await this.#write(bytes, this.#at);
    this.#chunks.push({ at: this.#at, bytes: bytes.length, records, crc32: crc32(bytes) });
    this.#at = Math.ceil((this.#at + bytes.length) / ALIGNMENT) * ALIGNMENT;
  }

  /** Completes the cache under its final name. */
  async finish(content: Omit<CacheContent, 'chunks'>): Promise<void> {
    const bytes = Buffer.from(JSON.stringify({ ...content, chunks: this.#chunks }));
    await this.#write(bytes, this.#at);
    await this.#write(headerBytes({ at: this.#at, bytes: bytes.length, crc32: crc32(bytes) }), 0);
    await this.#handle.sync();
    await this.#handle.close();
    await rename(this.#unfinished, this.#file);
  }

  /** Removes what was written. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => {});
    await rm(this.#unfinished, { force: true });
  }

  async #write(bytes: Buffer, at: number): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, at + done);
      done += bytesWritten;
    }
  }
}

const UNFINISHED = '.unfinished';

/** An import writes at least every few minutes. A file of another machine without a change for this long is abandoned, ms. */
const ABANDONED_MS = 86_400_000;

/** Removes the unfinished files of killed imports of the same cache. */
async function removeAbandoned(file: string): Promise<void> {
  const prefix = `${basename(file)}.`;
  for (const name of await readdir(dirname(file))) {
    if (!name.startsWith(prefix) || !name.endsWith(UNFINISHED)) continue;
    const path = join(dirname(file), name);
    if (await isAbandoned(path, name.slice(prefix.length, -UNFINISHED.length))) await rm(path, { force: true });
  }
}

/** @param owner machine and process number of the import, as `ownerOfHere` writes them */
async function isAbandoned(path: string, owner: string): Promise<boolean> {
  const dash = owner.lastIndexOf('-');
  if (owner.slice(0, dash) === hostname()) return !isProcessRunning(Number(owner.slice(dash + 1)));
  const changed = await stat(path).catch(() => undefined);
  return changed !== undefined && Date.now() - changed.mtimeMs > ABANDONED_MS;
}

/** A folder may be shared by machines, so a process number alone proves nothing. */
function ownerOfHere(): string {
  return `${hostname()}-${process.pid}`;
}
