import { eachLine } from './line-splitter.ts';
import { type LineBatch, type OnBytes, readLines } from './read-lines.ts';
import { type RecordedLine, readLine } from './recorded-line.ts';
import { RecorderClock } from './recorder-clock.ts';
import { NotARecording, type RecordingFault } from './recording-fault.ts';

/** Number of lines after which a file without valid lines is rejected. */
const HEAD_LINES = 50;

interface ReadingOptions {
  /**
   * True for an unneeded line, the range of its bytes in `lines`. It is neither checked nor given; all lines of the last batches
   * are read.
   */
  readonly skips?: (lines: Buffer, from: number, end: number) => boolean;
  /** Receives the number of bytes of each piece of the file that is read. */
  readonly onBytes?: OnBytes | undefined;
}

/** Batches whose lines are never skipped, at the end of a file: the last batch may hold only one line. */
const KEPT_BATCHES = 2;

/**
 * Lines of one recording, in batches and in constant memory. `onFault` receives malformed lines and damaged files; reading
 * continues. Rejects with NotARecording if the file is missing, empty or not a recording.
 */
export async function* readRecording(
  file: string,
  onFault: (fault: RecordingFault) => void,
  { skips = () => false, onBytes }: ReadingOptions = {},
): AsyncGenerator<readonly RecordedLine[]> {
  let line = 0;
  let good = 0;
  let clock: RecorderClock | undefined;
  const early: RecordingFault[] = [];
  const report = (fault: RecordingFault): void => {
    if (good > 0) onFault(fault);
    else early.push(fault);
  };
  for await (const { lines, damage, isNearEnd } of withEnd(openLines(file, onBytes), KEPT_BATCHES)) {
    const found: Found[] = [];
    eachLine(lines, (from, end) => {
      line += 1;
      if (!isNearEnd && skips(lines, from, end)) good += 1;
      else found.push({ from, end, line, parsed: readLine(lines, [from, end], file, line) });
    });
    clock ??= clockOf(found.map(({ parsed }) => parsed));
    const batch: RecordedLine[] = [];
    for (const { from, end, parsed, line } of found) {
      const checked = checkTimes(parsed, clock);
      if (typeof checked !== 'string') {
        batch.push(checked);
        continue;
      }
      const text = lines.toString('utf8', from, end);
      if (text.trim() !== '') report({ kind: 'BAD_LINE', file, line, detail: `${checked}: ${shown(text)}` });
    }
    good += batch.length;
    if (good === 0 && early.length >= HEAD_LINES)
      throw new NotARecording(file, `its first ${HEAD_LINES} lines are no messages`);
    if (good > 0) for (const fault of early.splice(0)) onFault(fault);
    if (batch.length > 0) yield batch;
    if (damage !== undefined) report({ ...damage, file, line });
  }
  if (good === 0) throw new NotARecording(file, line === 0 && early.length === 0 ? 'it is empty' : why(early));
}

/** A line's range in its batch, and the line or its problem. */
interface Found {
  readonly line: number;
  readonly from: number;
  readonly end: number;
  readonly parsed: RecordedLine | string;
}

/** Marks the last `count` batches. */
async function* withEnd(batches: AsyncIterable<LineBatch>, count: number) {
  const waiting: LineBatch[] = [];
  for await (const batch of batches) {
    waiting.push(batch);
    const next = waiting.length > count ? waiting.shift() : undefined;
    if (next !== undefined) yield { ...next, isNearEnd: false };
  }
  for (const batch of waiting) yield { ...batch, isNearEnd: true };
}

async function* openLines(file: string, onBytes: OnBytes | undefined): ReturnType<typeof readLines> {
  try {
    yield* readLines(file, onBytes);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') throw new NotARecording(file, 'there is no such file');
    throw new NotARecording(file, error instanceof Error ? error.message : String(error));
  }
}

function why(faults: readonly RecordingFault[]): string {
  return `no line of it can be read (${faults.at(-1)?.detail ?? 'blank lines only'})`;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function aheadOf({ tsVenue, tsReceived }: RecordedLine): number | undefined {
  return tsVenue === undefined ? undefined : tsVenue - tsReceived;
}

/** Undefined if no line contains an offset. */
function clockOf(lines: readonly (RecordedLine | string)[]): RecorderClock | undefined {
  const aheadMs = lines.flatMap((line) => (typeof line === 'string' ? [] : (aheadOf(line) ?? [])));
  return aheadMs.length === 0 ? undefined : new RecorderClock(aheadMs);
}

function checkTimes(line: RecordedLine | string, clock: RecorderClock | undefined): RecordedLine | string {
  const aheadMs = typeof line === 'string' ? undefined : aheadOf(line);
  if (aheadMs === undefined || clock === undefined || clock.fits(aheadMs)) return line;
  return 'when it was sent and received does not fit the lines around it';
}
