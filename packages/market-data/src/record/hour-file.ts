import { type FileHandle, open, stat } from 'node:fs/promises';
import { constants, createGzip, type Gzip } from 'node:zlib';

/** Takes 0.4 of the time of the default level, for files that are 8 % larger. */
const LEVEL = 4;

/**
 * One gzipped file that is readable at any time up to the last `write`, even if the process is killed. A failed write cuts the file
 * back to the previous one, so nothing unreadable stays in it.
 */
export class HourFile {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #gzip: Gzip;
  #deflated: Buffer[] = [];
  #fault: Error | undefined;
  #bytes = 0;

  /** Creates the file; rejects with the system error, also if it exists. */
  static async create(path: string): Promise<HourFile> {
    return new HourFile(path, await open(path, 'wx'));
  }

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
    this.#gzip = createGzip({ level: LEVEL });
    this.#gzip.on('data', (bytes: Buffer) => this.#deflated.push(bytes));
    this.#gzip.on('error', (error) => {
      this.#fault = error;
    });
  }

  /** Size of the file, bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** False if the file was deleted or moved: what is written to it is then lost, or elsewhere. */
  async isInPlace(): Promise<boolean> {
    const [own, found] = await Promise.all([this.#handle.stat(), stat(this.path).catch(() => undefined)]);
    return own.ino === found?.ino;
  }

  /** Resolves when the text can be read from the file; rejects with the system error. */
  async write(text: string): Promise<void> {
    await new Promise<void>((resolve) => this.#gzip.write(text, () => resolve()));
    await new Promise<void>((resolve) => this.#gzip.flush(constants.Z_SYNC_FLUSH, () => resolve()));
    await this.#append();
  }

  /** Ends the file. Rejects with the system error; the file is closed in any case. */
  async close(): Promise<void> {
    try {
      await new Promise<void>((resolve) =>
        this.#gzip
          .once('end', resolve)
          .once('error', () => resolve())
          .end(),
      );
      await this.#append();
    } finally {
      await this.#handle.close();
    }
  }

  /** Closes the file as it is, after a failed write. Never rejects: the first error has been reported. */
  async abandon(): Promise<void> {
    this.#gzip.destroy();
    await this.#handle.truncate(this.#bytes).catch(() => {});
    await this.#handle.close().catch(() => {});
  }

  async #append(): Promise<void> {
    if (this.#fault !== undefined) throw this.#fault;
    const bytes = Buffer.concat(this.#deflated.splice(0));
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, this.#bytes + done);
      done += bytesWritten;
    }
    this.#bytes += bytes.length;
  }
}
