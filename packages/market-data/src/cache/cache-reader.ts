import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { CacheContent, NotACache } from './cache-content.ts';
import { HEADER_BYTES, readHeader } from './cache-header.ts';

/** A complete cache, whose chunks can be read in order, several times. */
export interface CacheFile {
  readonly file: string;
  readonly content: CacheContent;
  /** Bytes of each chunk, checked. The next chunk is read while the caller handles one. Rejects with NotACache. */
  chunks(): AsyncGenerator<Buffer<ArrayBuffer>>;
}

/** Reads what a cache says about itself. Rejects with NotACache for anything but a complete cache of this version. */
export async function openCacheFile(file: string): Promise<CacheFile> {
  const content = await withHandle(file, readContent);
  return { file, content, chunks: () => readChunks(file, content) };
}

async function readContent(handle: FileHandle, file: string): Promise<CacheContent> {
  const { size } = await handle.stat();
  const header = readHeader(await readBytes(handle, 0, Math.min(size, HEADER_BYTES)));
  if (typeof header === 'string') throw new NotACache(file, header);
  if (header.at + header.bytes !== size)
    throw new NotACache(file, `it is cut off: it has ${size} of ${header.at + header.bytes} bytes`);
  const bytes = await readBytes(handle, header.at, header.bytes);
  if (crc32(bytes) !== header.crc32) throw new NotACache(file, 'its list of contents is damaged');
  const parsed = CacheContent.safeParse(JSON.parse(bytes.toString('utf8')));
  if (!parsed.success) throw new NotACache(file, `its list of contents is wrong (${parsed.error.message})`);
  return parsed.data;
}

async function* readChunks(file: string, { chunks }: CacheContent): AsyncGenerator<Buffer<ArrayBuffer>> {
  const handle = await openFile(file);
  try {
    let next = readChunk(handle, file, chunks[0]);
    for (let i = 0; i < chunks.length; i += 1) {
      const bytes = await next;
      next = readChunk(handle, file, chunks[i + 1]);
      // Its error counts when its turn comes.
      next.catch(() => {});
      yield bytes;
    }
  } finally {
    await handle.close();
  }
}

async function readChunk(
  handle: FileHandle,
  file: string,
  chunk: CacheContent['chunks'][number] | undefined,
): Promise<Buffer<ArrayBuffer>> {
  if (chunk === undefined) return Buffer.from(new ArrayBuffer(0));
  const bytes = await readBytes(handle, chunk.at, chunk.bytes);
  if (crc32(bytes) !== chunk.crc32)
    throw new NotACache(file, `it is damaged between bytes ${chunk.at} and ${chunk.at + chunk.bytes}`);
  return bytes;
}

/** The bytes have their own memory, so that columns in them are aligned. */
async function readBytes(handle: FileHandle, at: number, length: number): Promise<Buffer<ArrayBuffer>> {
  const bytes = Buffer.from(new ArrayBuffer(length));
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, at + done);
    if (bytesRead === 0) return bytes.subarray(0, done);
    done += bytesRead;
  }
  return bytes;
}

async function withHandle<T>(file: string, use: (handle: FileHandle, file: string) => Promise<T>): Promise<T> {
  const handle = await openFile(file);
  try {
    return await use(handle, file);
  } finally {
    await handle.close();
  }
}

async function openFile(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new NotACache(file, isMissing ? 'there is no such file' : String(error));
  }
}
