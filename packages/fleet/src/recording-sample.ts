import { closeSync, openSync, readSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { type RecordedMarket, whyNotOf } from '@helios/market-data/recorded-market.ts';

const SAMPLE_BYTES = 32_768;
const MAX_UNZIPPED = 4_194_304;
/** The reader of recordings gives up after the same number of lines. */
const HEAD_LINES = 50;
/** `<receive time in ms, µs or ns> <JSON>`; a line may be longer than the sample. */
const MESSAGE = /^\d{13}(\d{3}){0,2} \{/;

/**
 * Reads the beginning of a file, so that a start refuses a file that is clearly not a recording, or a recording of another market.
 * @returns what is wrong and what to do; undefined if it finds a message of this market
 * @throws the system's error if the file cannot be read
 */
export function problemInRecording(path: string, market: RecordedMarket): string | undefined {
  const head = readHead(path);
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  if (path.endsWith('.gz') && !isGzip) return 'is named .gz but is not gzip; if it is plain text, rename it';
  const text = isGzip ? unzippedHead(head) : head.toString();
  if (text === undefined) return undefined;
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const sawAll = head.length < SAMPLE_BYTES;
  if (lines.slice(0, HEAD_LINES).some((line) => MESSAGE.test(line))) return otherMarketIn(lines, market);
  if (lines.length < HEAD_LINES && !sawAll) return undefined;
  return 'is not a recording. A recording has one message per line: `<receive time in µs or ns> <JSON>`. Name such a file';
}

/** Why a line belongs to another market. Skips the last line if the sample cut it off. */
function otherMarketIn(lines: readonly string[], market: RecordedMarket): string | undefined {
  const whole = lines.filter((line) => MESSAGE.test(line) && line.trimEnd().endsWith('}'));
  for (const line of whole) {
    const why = whyNotOf(market, line);
    if (why !== undefined) return why;
  }
  return undefined;
}

function readHead(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(SAMPLE_BYTES);
    return head.subarray(0, readSync(file, head, 0, SAMPLE_BYTES, 0));
  } finally {
    closeSync(file);
  }
}

/** The unzipped text; undefined if it is damaged. The replay plays all lines before the damage. */
function unzippedHead(head: Buffer): string | undefined {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MAX_UNZIPPED }).toString();
  } catch {
    return undefined;
  }
}
