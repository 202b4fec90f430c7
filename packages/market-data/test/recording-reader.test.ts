import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { RecordedLine } from '../src/recorded-line.ts';
import { NotARecording, type RecordingFault } from '../src/recording-fault.ts';
import { readRecording } from '../src/recording-reader.ts';
import { fileOf, gzipFileOf, tradeLine, useRecordingFolder } from './recording-files.ts';

useRecordingFolder();

const T = 1_721_347_022_000;
const many = Array.from({ length: 20_000 }, (_, i) =>
  tradeLine('BTCUSDT', T + i, i, `${60_000 + ((i * 7_919) % 997)}.10`),
);

async function read(file: string): Promise<{ lines: RecordedLine[]; faults: RecordingFault[] }> {
  const faults: RecordingFault[] = [];
  const lines: RecordedLine[] = [];
  for await (const batch of readRecording(file, (fault) => faults.push(fault))) lines.push(...batch);
  return { lines, faults };
}

describe('readRecording', () => {
  test('reads plain and gzipped files, receive times in ms, µs and ns, and the venue’s own time', async () => {
    const json = '{"e":"trade","E": 1721347022504,"T":1721347022503}';
    const text = [`1721347020984 ${json}`, `1721347020984480 ${json}`, `1721347020984480942 ${json}\r`, ''].join('\n');
    const expected = { tsReceived: 1_721_347_020_984, tsVenue: 1_721_347_022_504, text: json };
    for (const file of [fileOf('plain.dat', text), fileOf('packed.gz', gzipSync(text))]) {
      const { lines, faults } = await read(file);
      expect(faults).toEqual([]);
      expect(lines).toEqual([1, 2, 3].map((line) => ({ ...expected, file, line })));
    }
  });

  test('gives no venue time for a message without one', async () => {
    const { lines } = await read(fileOf('timeless.dat', '1721347020984480 {"id":1}\n1721347020984480 {"E":17}'));
    expect(lines.map((line) => line.tsVenue)).toEqual([undefined, undefined]);
  });

  test('skips malformed lines, and reports where', async () => {
    const file = fileOf(
      'spoilt.dat',
      [many[0], 'rubbish', '17 {"a":1}', '1721347022000000 [1]', '', many[1]].join('\n'),
    );
    const { lines, faults } = await read(file);
    expect(lines.map((line) => line.line)).toEqual([1, 6]);
    expect(faults.map(({ kind, line }) => [kind, line])).toEqual([
      ['BAD_LINE', 2],
      ['BAD_LINE', 3],
      ['BAD_LINE', 4],
    ]);
    expect(faults[0]).toMatchObject({ file, detail: expect.stringContaining('"rubbish"') });
  });

  test('treats an impossible time as a damaged line, not as the new market time', async () => {
    const wild = (many[1] ?? '').replace(/"E":\d+/, '"E":9721347022001');
    const { lines, faults } = await read(fileOf('wild.dat', [many[0], wild, many[2]].join('\n')));
    expect(lines.map((line) => line.line)).toEqual([1, 3]);
    expect(faults).toMatchObject([{ line: 2, detail: expect.stringContaining('days apart') }]);
  });

  const HOUR = 3_600_000;
  const shifted = (line: string | undefined, fields: Partial<Record<'E' | 'T', number>>): string =>
    Object.entries(fields).reduce(
      (text, [field, ms]) => text.replace(new RegExp(`"${field}":(\\d+)`), (_, at) => `"${field}":${Number(at) + ms}`),
      line ?? '',
    );

  test.each([
    ['hours later', 20, { E: 2 * HOUR, T: 2 * HOUR }, 'does not fit the lines around it'],
    ['a minute earlier', 20, { E: -60_000, T: -60_000 }, 'does not fit the lines around it'],
    ['hours later, the first of all', 0, { E: 2 * HOUR, T: 2 * HOUR }, 'does not fit the lines around it'],
    ['traded hours after it was sent', 20, { T: 2 * HOUR }, 'are far apart'],
    ['traded in 1970', 20, { T: -T }, 'are far apart'],
  ])('treats a message %s as damaged, and no other', async (_, at, fields, why) => {
    const lines = many.slice(0, 40).with(at, shifted(many[at], fields));
    const { lines: good, faults } = await read(fileOf('stray.dat', lines.join('\n')));
    expect(good.map((line) => line.line)).toEqual(lines.map((_, i) => i + 1).toSpliced(at, 1));
    expect(faults).toMatchObject([{ kind: 'BAD_LINE', line: at + 1, detail: expect.stringContaining(why) }]);
  });

  test('treats a line with a damaged receive time as damaged', async () => {
    const lines = many.slice(0, 40).with(20, `${T + HOUR}000${(many[20] ?? '').slice(16)}`);
    expect((await read(fileOf('received.dat', lines.join('\n')))).faults).toMatchObject([{ line: 21 }]);
  });

  test('accepts times that are far from E by their nature', async () => {
    const data = [
      { e: 'markPriceUpdate', E: T, s: 'BTCUSDT', p: '1', T: T + 8 * HOUR },
      { e: 'kline', E: T, s: 'BTCUSDT', k: { t: T - 60_000, T: T + 4 * HOUR } },
      { lastUpdateId: 1, E: T, T: T - HOUR, bids: [], asks: [] },
    ];
    const { lines, faults } = await read(
      fileOf('natural.dat', data.map((one) => `${T} ${JSON.stringify(one)}`).join('\n')),
    );
    expect([lines.length, faults]).toEqual([3, []]);
  });

  test('accepts sessions hours apart, and a recorder clock that was set between them', async () => {
    const evening = many.slice(0, 500).map((line) => shifted(line, { E: 9 * HOUR, T: 9 * HOUR }));
    const received = (line: string, ms: number): string => `${Number(line.slice(0, 13)) + ms}${line.slice(13)}`;
    const same = evening.map((line) => received(line, 9 * HOUR));
    const { faults } = await read(fileOf('two-sessions.dat', [...many.slice(0, 500), ...same].join('\n')));
    expect(faults).toEqual([]);
    const set = evening.map((line) => received(line, 8 * HOUR));
    const second = await read(fileOf('set-clock.dat', [...many.slice(0, 500), ...set].join('\n')));
    expect(second.lines.length).toBeGreaterThan(985);
    expect(second.faults.every(({ line }) => line > 500 && line < 515)).toBe(true);
  });

  test('reports malformed lines before the first message', async () => {
    const { lines, faults } = await read(fileOf('late.dat', ['# a comment', many[0]].join('\n')));
    expect(lines).toHaveLength(1);
    expect(faults).toMatchObject([{ kind: 'BAD_LINE', line: 1 }]);
  });

  test('reads every complete line before the end of a truncated gzip file, then reports one fault', async () => {
    const whole = gzipSync(`${many.join('\n')}\n`);
    const cut = whole.subarray(0, Math.floor(whole.length * 0.6));
    const { lines, faults } = await read(fileOf('cut.gz', cut));
    expect(lines.length).toBeGreaterThan(10_000);
    expect(lines.map((line) => line.text)).toEqual(many.slice(0, lines.length).map((line) => line.slice(17)));
    expect(faults).toMatchObject([{ kind: 'TRUNCATED_FILE', line: lines.length }]);
  });

  test('reads all complete lines of a file that is cut in its last line', async () => {
    const { lines, faults } = await read(fileOf('cut.dat', many.slice(0, 10).join('\n').slice(0, -20)));
    expect(lines).toHaveLength(9);
    expect(faults).toMatchObject([{ kind: 'BAD_LINE', line: 10 }]);
  });

  test('reads everything before the damaged middle of a gzip file, then reports one fault', async () => {
    const damaged = Buffer.from(gzipSync(`${many.join('\n')}\n`));
    damaged.fill(0xff, Math.floor(damaged.length / 2), Math.floor(damaged.length / 2) + 200);
    const { lines, faults } = await read(fileOf('damaged.gz', damaged));
    expect(lines.length).toBeGreaterThan(1_000);
    expect(lines.length).toBeLessThan(many.length);
    expect(faults.filter((fault) => fault.kind === 'CORRUPT_FILE')).toHaveLength(1);
  });

  test('reads consecutive gzip members as one recording', async () => {
    const parts = [many.slice(0, 5), many.slice(5, 9)].map((part) => gzipSync(`${part.join('\n')}\n`));
    expect((await read(fileOf('members.gz', Buffer.concat(parts)))).lines).toHaveLength(9);
  });

  test.each([
    ['empty.dat', '', 'it is empty'],
    ['prose.txt', 'this\nis\nprose\n', 'no line of it can be read'],
    ['long.csv', '1,2,3\n'.repeat(500), 'its first 50 lines are no messages'],
    ['binary.bin', Buffer.alloc(100_000, 7), 'no line of it can be read'],
    ['broken.gz', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]), 'no line of it can be read'],
  ])('rejects %s as a recording', async (name, content, why) => {
    const reading = read(fileOf(name, content));
    await expect(reading).rejects.toThrow(NotARecording);
    await expect(reading).rejects.toThrow(why);
  });

  test('reports a missing file and a folder as errors', async () => {
    await expect(read('/nowhere/at-all.gz')).rejects.toThrow(
      '/nowhere/at-all.gz cannot be replayed: there is no such file',
    );
    await expect(read(import.meta.dirname)).rejects.toThrow(NotARecording);
  });

  test('needs no more memory for a larger file', async () => {
    const file = gzipFileOf('large.gz', Array.from({ length: 4 }, () => many).flat());
    expect(gunzipSync(readFileSync(file)).length).toBeGreaterThan(12e6);
    let count = 0;
    let largest = 0;
    for await (const batch of readRecording(file, () => {})) {
      count += batch.length;
      largest = Math.max(largest, batch.length);
    }
    expect(count).toBe(80_000);
    expect(largest).toBeLessThan(2_000);
  });
});
