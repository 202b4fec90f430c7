import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { CacheContent } from '../cache/cache-content.ts';
import { NotImportable } from './not-importable.ts';

/** Names, sizes and hashes of files. Rejects with NotImportable for one that cannot be read, or that changes meanwhile. */
export async function describeSources(files: readonly string[], stop: AbortSignal): Promise<CacheContent['sources']> {
  const sources: CacheContent['sources'] = [];
  for (const file of files) {
    stop.throwIfAborted();
    const before = await statOf(file);
    if (before.isDirectory()) throw new NotImportable(file, 'it is a folder; name the files in it');
    const sha256 = await hashOf(file);
    const bytes = (await statOf(file)).size;
    if (bytes !== before.size)
      throw new NotImportable(file, 'it is still being written; import it when it is complete');
    sources.push({ name: basename(file), bytes, sha256 });
  }
  return sources;
}

async function statOf(file: string): Promise<Stats> {
  try {
    return await stat(file);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new NotImportable(file, isMissing ? 'there is no such file' : String(error));
  }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const bytes of createReadStream(file, { highWaterMark: 1024 * 1024 })) hash.update(bytes);
  } catch (error) {
    throw new NotImportable(file, error instanceof Error ? error.message : String(error));
  }
  return hash.digest('hex');
}
