import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { parseFrame } from '../src/parse-frame.ts';
import { scanMessage } from '../src/wire/scan-message.ts';
import { plainMessage } from './plain-message.ts';

const depth = join(process.env['HELIOS_DATA_DIR'] ?? join(import.meta.dirname, '../../../../shared/data'), 'depth');
const files = existsSync(depth) ? readdirSync(depth).filter((file) => file.startsWith('usdm_')) : [];

describe.skipIf(files.length === 0)('every line of the recordings', () => {
  test.each(files)('is the same message by scan and by JSON: %s', (file) => {
    const lines = gunzipSync(readFileSync(join(depth, file)))
      .toString()
      .trim()
      .split('\n');
    const different: string[] = [];
    const notScanned: string[] = [];
    for (const line of lines) {
      const text = line.slice(line.indexOf(' ') + 1);
      const bytes = Buffer.from(text);
      const scanned = scanMessage(bytes, 0, bytes.length);
      // A leading blank is valid JSON, but the venue does not write it.
      const json = parseFrame(` ${text}`, 'BTCUSDT');
      if (scanned === undefined) notScanned.push(text);
      else if (!isDeepStrictEqual(plainMessage(scanned), plainMessage(json))) different.push(text);
    }
    expect(different).toEqual([]);
    // A snapshot a session, and transfers outside the book.
    expect(notScanned.filter((text) => !/^\{"lastUpdateId"|"X":"INSURANCE_FUND"/.test(text))).toEqual([]);
  });
});
