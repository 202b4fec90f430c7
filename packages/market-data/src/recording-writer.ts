import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { VenueFrame } from './source.ts';

/**
 * Writes frames in the format of replay, `<µs> <JSON>` per line; gzipped if the name ends in `.gz`. A snapshot has no symbol, so
 * it is wrapped as `<symbol>@depthSnapshot`; a file may then hold several symbols. Resolves when the file is complete; rejects
 * with the system error.
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
  for await (const frame of frames) yield `${Math.round(frame.tsReceived * 1_000)} ${textOf(frame)}\n`;
}

function textOf(frame: VenueFrame): string {
  if (frame.symbol === undefined || !frame.text.includes('"lastUpdateId"') || frame.text.startsWith('{"stream"')) {
    return frame.text;
  }
  return `{"stream":"${frame.symbol.toLowerCase()}@depthSnapshot","data":${frame.text}}`;
}
