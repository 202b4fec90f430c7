import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decisionOf } from '@helios/core/portfolio/decision-of.ts';
import type { Decision } from '@helios/shared/domain/decision.ts';
import { csvLine } from '@helios/shared/runtime/csv-line.ts';
import { aSignal, T0 } from '@helios/shared/testing/builders.ts';
import { createRecordingLog } from '@helios/shared/testing/silent-log.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CsvExport } from '../src/csv-export.ts';
import { utcDayOf } from '../src/utc-day.ts';

let folder: string;
let recorded: Decision[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'helios-csv-'));
  recorded = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ledger = {
  daysToExport: () => [],
  lastFinal: () => recorded.length,
  noteExported: () => {},
  decisionsOfDay: (day: string, afterN: number, limit: number) =>
    recorded
      .map((decision, i) => ({ n: i + 1, decision }))
      .filter(({ n, decision }) => utcDayOf(decision.timestamp) === day && n > afterN)
      .slice(0, limit),
};
const log = createRecordingLog();
const csvOf = (run = 'r', at = folder) =>
  new CsvExport({ folder: at, run, ledger, log, nowMs: () => performance.now() });

function record(csv: CsvExport, fields: Parameters<typeof aSignal>[0]): void {
  recorded.push(decisionOf(aSignal({ run: 'r', ...fields }), 'OPENED'));
  csv.markChanged(recorded.at(-1)?.timestamp ?? 0);
}

/** A separate CSV reader, so that the writer's quoting is tested independently. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let inside = false;
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i];
    if (inside && c === '"' && text[i + 1] === '"') {
      cell += '"';
      i += 1;
    } else if (c === '"') inside = !inside;
    else if (!inside && (c === ',' || c === '\n')) {
      rows.at(-1)?.push(c === '\n' ? cell.replace(/\r$/, '') : cell);
      cell = '';
      if (c === '\n') rows.push([]);
    } else cell += c;
  }
  return rows.slice(0, -1);
}

describe('the daily CSV', () => {
  it('quotes by RFC 4180', () => {
    expect(csvLine(['plain', 'a,b', 'say "no"', 'two\nlines', undefined, 1.5])).toBe(
      'plain,"a,b","say ""no""",two\\nlines,,1.5\r\n',
    );
  });

  it('counts an exit for the origin of its entry, and a record of an earlier version for its own origin', async () => {
    const csv = csvOf();
    recorded.push(decisionOf(aSignal({ run: 'r', origin: 'ENGINE' }), 'CLOSED', { trade_origin: 'EXTERNAL' }));
    record(csv, { origin: 'ENGINE' });
    await csv.flush();
    const [header, ...rows] = parseCsv(readFileSync(join(folder, 'decisions-2023-11-14.csv'), 'utf8'));
    expect(rows.map((row) => row[header?.indexOf('origin') ?? -1])).toEqual(['EXTERNAL', 'ENGINE']);
  });

  it('has a header and one row per decision, whatever the reason contains', async () => {
    const csv = csvOf();
    record(csv, { signal_id: 'a', reason: 'bids "dominate", truly\nso\u001b[2J\u202e' });
    record(csv, { signal_id: 'b', gates: [{ gate: 'VOLUME', outcome: 'PASSED', value: 1 }] });
    await csv.flush();
    const [header, first, second] = parseCsv(readFileSync(join(folder, 'decisions-2023-11-14.csv'), 'utf8'));
    const cell = (row: string[] | undefined, name: string) => row?.[header?.indexOf(name) ?? -1];
    expect(first).toHaveLength(header?.length ?? 0);
    expect(cell(first, 'reason')).toBe('bids "dominate", truly\\nso\\u001b[2J\\u202e');
    expect(cell(first, 'time')).toBe('2023-11-14T22:14:00.000Z');
    expect(JSON.parse(cell(second, 'gates') ?? '')).toEqual([{ gate: 'VOLUME', outcome: 'PASSED', value: 1 }]);
    expect(readdirSync(folder)).toEqual(['decisions-2023-11-14.csv']);
  });

  it('has one file per UTC day of the timestamps, and more rows than one page', async () => {
    const csv = csvOf();
    for (let i = 0; i < 1_005; i += 1) record(csv, { signal_id: `a${i}` });
    record(csv, { signal_id: 'b', timestamp: T0 + 2 * 3_600_000 });
    await csv.flush();
    expect(readdirSync(folder)).toEqual(['decisions-2023-11-14.csv', 'decisions-2023-11-15.csv']);
    expect(parseCsv(readFileSync(join(folder, 'decisions-2023-11-14.csv'), 'utf8'))).toHaveLength(1_006);
  });

  it('moves the file of another run aside', async () => {
    const theirs = csvOf('r');
    record(theirs, { signal_id: 'a' });
    await theirs.flush();
    recorded = [];
    const ours = csvOf('public:b');
    record(ours, { signal_id: 'b', run: 'public:b' });
    await ours.flush();
    expect(readdirSync(folder)).toEqual(['decisions-2023-11-14.csv', 'decisions-2023-11-14.r.csv']);
    expect(readFileSync(join(folder, 'decisions-2023-11-14.r.csv'), 'utf8')).toContain(',a,');
    expect(readFileSync(join(folder, 'decisions-2023-11-14.csv'), 'utf8')).toContain(',b,');
  });

  it('logs one warning while it cannot be written, and is written when it can be', async () => {
    const blocked = join(folder, 'logs');
    writeFileSync(blocked, 'a file where the folder should be');
    const csv = csvOf('r', blocked);
    record(csv, { signal_id: 'a' });
    const before = log.lines.length;
    await csv.flushNow();
    await csv.flushNow();
    expect(log.lines.slice(before).map(({ level }) => level)).toEqual(['warn']);
    rmSync(blocked);
    await csv.flushNow();
    expect(readdirSync(blocked)).toEqual(['decisions-2023-11-14.csv']);
  });
});
