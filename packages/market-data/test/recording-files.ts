import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll } from 'vitest';

let folder: string;

/** Creates a folder for the recordings of a test file, and removes it after the tests. */
export function useRecordingFolder(): void {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'helios-recordings-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
}

/** A file in the folder of `useRecordingFolder`. */
export function fileOf(name: string, content: string | Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

export function gzipFileOf(name: string, lines: readonly string[]): string {
  return fileOf(name, gzipSync(`${lines.join('\n')}\n`));
}

/** A recorded trade, received one millisecond after it was sent; time in µs. */
export function tradeLine(symbol: string, atMs: number, id: number, price = '100.10'): string {
  const data = { e: 'trade', E: atMs, T: atMs, s: symbol, t: id, p: price, q: '0.010', X: 'MARKET', m: false };
  return `${(atMs + 1) * 1_000} ${JSON.stringify({ stream: `${symbol.toLowerCase()}@trade`, data })}`;
}

/** Folder of the recorded data. */
export const DATA = process.env['HELIOS_DATA_DIR'] ?? join(import.meta.dirname, '../../../../shared/data');
