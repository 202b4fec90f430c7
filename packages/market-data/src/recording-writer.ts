import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { frameLine } from './record/frame-line.ts';
import type { VenueFrame } from './source.ts';

/**
 * Writes frames in the format of replay, `<µs> <JSON>` per line; gzipped if the name ends in `.gz`. Resolves when the file is
 * complete; rejects with the system error.
 */
export async function writeRecording(
  file: string,
  frames: AsyncIterable<VenueFrame> | Iterable<VenueFrame>,
): Promise<void> {
  const target = createWriteStream(file);
  if (file.endsWith('.gz')) await pipeline(toLines(frames), createGzip(), target);
  else await pipeline(toLines(frames), target);
}

async function* toLines(frames: AsyncIterable<VenueFrame> | Iterable<VenueFrame>): AsyncGenerator<string> {
  for await (const { tsReceived, text, symbol } of frames) {
    yield frameLine({ tsReceivedUs: Math.round(tsReceived * 1_000), text, symbol });
  }
}
