import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import { makeFolder } from '@helios/shared/runtime/make-folder.ts';
import { z } from 'zod';

const KnownHash = z.strictObject({ stamp: z.string(), hash: z.string() });
const KnownHashes = z.record(z.string(), KnownHash);

/** SHA-256 of files, computed once per size, times of change and place on the disk. */
export class FileHashes {
  readonly #known = new Map<string, z.infer<typeof KnownHash>>();

  /** Hex, of a file that the operator named. Rejects with HopelessStart if it is missing, else as `of`. */
  async ofNamed(path: string): Promise<string> {
    return await this.of(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      throw new HopelessStart(`${path}: there is no such file. Check the name and the folder.`);
    });
  }

  /** Hex. Rejects with the error of the file system. */
  async of(path: string): Promise<string> {
    // A copy may keep size and time of change, but not the time at which the system changed it.
    const { size, mtimeMs, ctimeMs, ino } = await stat(path);
    const stamp = `${size} ${mtimeMs} ${ctimeMs} ${ino}`;
    const known = this.#known.get(path);
    if (known?.stamp === stamp) return known.hash;
    const sum = createHash('sha256');
    await pipeline(createReadStream(path), sum);
    const hash = sum.digest('hex');
    this.#known.set(path, { stamp, hash });
    return hash;
  }

  /** Adds the hashes that `save` wrote. A file that is missing or damaged adds none: they are computed again. */
  async load(file: string): Promise<void> {
    const text = await readFile(file, 'utf8').catch(() => '{}');
    for (const [path, known] of Object.entries(hashesIn(text))) this.#known.set(path, known);
  }

  /** Rejects with the error of the file system. */
  async save(file: string): Promise<void> {
    await makeFolder(dirname(file));
    const draft = `${file}.${process.pid}.part`;
    await writeFile(draft, JSON.stringify(Object.fromEntries(this.#known)));
    await rename(draft, file);
  }
}

function hashesIn(text: string): z.infer<typeof KnownHashes> {
  try {
    return KnownHashes.parse(JSON.parse(text));
  } catch {
    // Nothing is lost: each hash is computed from its file.
    return {};
  }
}
