import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** SHA-256 of files, computed once per size and time of change. */
export class FileHashes {
  readonly #known = new Map<string, { readonly stamp: string; readonly hash: string }>();

  /** Hex. Rejects with the error of the file system. */
  async of(path: string): Promise<string> {
    const { size, mtimeMs } = await stat(path);
    const stamp = `${size} ${mtimeMs}`;
    const known = this.#known.get(path);
    if (known?.stamp === stamp) return known.hash;
    const sum = createHash('sha256');
    await pipeline(createReadStream(path), sum);
    const hash = sum.digest('hex');
    this.#known.set(path, { stamp, hash });
    return hash;
  }
}
