import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip, type Gunzip } from 'node:zlib';
import { LineSplitter } from './line-splitter.ts';

/** Whole lines of one chunk with their line ends; `damage` tells how a damaged file ended. */
export interface LineBatch {
  readonly lines: Buffer;
  readonly damage?: { readonly kind: 'TRUNCATED_FILE' | 'CORRUPT_FILE'; readonly detail: string };
}

/** Receives the size of each piece of a file, as stored, after its lines were handled. */
export type OnBytes = (bytes: number) => void;

/** Small chunks, so that their inflated size stays small too. */
const CHUNK_BYTES = 32 * 1024;
/** One piece for most chunks: each piece costs a turn of the event loop. */
const INFLATED_BYTES = 256 * 1024;
/** Far above any message of the venue; a longer line means that the file has no lines. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;

/**
 * Lines of a plain or gzipped file in constant memory. Yields all whole lines before a damaged place, then reports the damage.
 * Rejects with the system error if the file cannot be opened or read.
 */
export async function* readLines(file: string, onBytes: OnBytes = () => {}): AsyncGenerator<LineBatch> {
  const splitter = new LineSplitter(MAX_LINE_BYTES);
  for await (const chunk of (await isGzip(file)) ? inflate(file, onBytes) : plain(file, onBytes)) {
    if ('damage' in chunk) {
      yield { lines: Buffer.alloc(0), damage: chunk.damage };
      return;
    }
    const { lines, isTooLong } = splitter.push(chunk.bytes);
    if (isTooLong) {
      const detail = `a line is longer than ${MAX_LINE_BYTES} bytes, so it is no message; a recording has one message per line`;
      yield { lines, damage: { kind: 'CORRUPT_FILE', detail } };
      return;
    }
    if (lines.length > 0) yield { lines };
  }
  const rest = splitter.end();
  if (rest.length > 0) yield { lines: rest };
}

type Chunk = { readonly bytes: Buffer } | { readonly damage: NonNullable<LineBatch['damage']> };

async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

async function* plain(file: string, onBytes: OnBytes): AsyncGenerator<Chunk> {
  for await (const bytes of createReadStream(file, { highWaterMark: CHUNK_BYTES })) {
    yield { bytes };
    onBytes(bytes.length);
  }
}

/** Inflates chunk by chunk: a stream pipeline would discard its inflated data on an error. */
async function* inflate(file: string, onBytes: OnBytes): AsyncGenerator<Chunk> {
  const gunzip = createGunzip({ chunkSize: INFLATED_BYTES });
  const inflated: Buffer[] = [];
  let damage: Error | undefined;
  gunzip.on('data', (bytes: Buffer) => inflated.push(bytes));
  gunzip.on('error', (error) => {
    damage = error;
  });
  try {
    for await (const bytes of createReadStream(file, { highWaterMark: CHUNK_BYTES })) {
      const ready = inflated.splice(0);
      // Inflates on another thread while the caller handles what is ready.
      const fed = feed(gunzip, bytes);
      for (const one of ready) yield { bytes: one };
      await fed;
      onBytes(bytes.length);
      if (damage !== undefined) break;
    }
    if (damage === undefined) await feed(gunzip, undefined);
    for (const one of inflated.splice(0)) yield { bytes: one };
    if (damage !== undefined) yield { damage: describe(damage) };
  } finally {
    gunzip.destroy();
  }
}

/** Resolves when the chunk (or the end, if undefined) is inflated or has failed. */
function feed(gunzip: Gunzip, bytes: Buffer | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      gunzip.off('close', done).off('end', done);
      resolve();
    };
    gunzip.once('close', done);
    if (bytes === undefined) gunzip.once('end', done).end();
    else gunzip.write(bytes, done);
  });
}

function describe(error: Error & { code?: string }): NonNullable<LineBatch['damage']> {
  if (error.code === 'Z_BUF_ERROR') return { kind: 'TRUNCATED_FILE', detail: 'the gzip file ends too early' };
  return { kind: 'CORRUPT_FILE', detail: `the gzip file is damaged (${error.message})` };
}
