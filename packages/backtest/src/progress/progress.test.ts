import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { writeWhole } from '../report/write-whole.ts';
import { bytesRead } from './bytes-read.ts';
import { ProgressLine } from './progress-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-progress-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A line on a clock that the test sets. */
function lineOn(isTTY: boolean) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const line = new ProgressLine({ isTTY, write: (text) => written.push(text) }, () => clock.ms);
  const at = (ms: number, share: number) => {
    clock.ms = ms;
    line.at(share);
  };
  return { line, written, at };
}

describe('the progress of a run', () => {
  test('is one line of a terminal, shown each second with the time left', () => {
    const { line, written, at } = lineOn(true);
    line.begin('Playing');
    for (const [ms, share] of [
      [999, 0.1],
      [1_000, 0.2],
      [1_500, 0.3],
      [2_000, 0.5],
    ] as const)
      at(ms, share);
    line.clear();
    line.clear();
    const erase = '\r\u001B[K';
    expect(written).toEqual([`${erase}Playing: 20 %, 4 s left`, `${erase}Playing: 50 %, 2 s left`, erase]);
  });

  test('is a line of text each 30 seconds elsewhere; a phase counts from its own beginning', () => {
    const { line, written, at } = lineOn(false);
    at(20_000, 0.9);
    line.begin('Playing');
    at(50_000, 0.001);
    at(79_000, 0.4);
    at(80_000, 0.05);
    at(20_000_000, 0.45);
    line.clear();
    expect(written).toEqual(['Playing: 0 %\n', 'Playing: 40 %, 90 s left\n', 'Playing: 45 %, 7 h left\n']);
    expect(line.text()).toBe('Playing: 45 %');
  });

  test('counts the bytes of all files; a missing file holds none', () => {
    writeFileSync(join(folder, 'a'), 'x'.repeat(300));
    const shares: number[] = [];
    const progress = { begin: () => {}, at: (share: number) => void shares.push(share) };
    const onBytes = bytesRead([join(folder, 'a'), join(folder, 'absent')], progress, 'Reading');
    for (const bytes of [100, 200]) onBytes?.(bytes);
    expect(shares).toEqual([1 / 3, 1]);
  });
});

describe('a report', () => {
  test('replaces an earlier one as a whole, also behind a link', async () => {
    const file = join(folder, 'report.json');
    writeFileSync(file, 'earlier');
    symlinkSync(file, join(folder, 'link.json'));
    await writeWhole(join(folder, 'link.json'), 'new');
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('that cannot be written is refused, and leaves nothing', async () => {
    await expect(writeWhole(join(folder, 'no', 'report.json'), 'text')).rejects.toThrow('ENOENT');
    mkdirSync(join(folder, 'taken'));
    await expect(writeWhole(join(folder, 'taken'), 'text')).rejects.toThrow('EISDIR');
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});
