import { readLines } from './read-lines.ts';
import { RecorderClock, STRAY_MS } from './recorder-clock.ts';
import { NotARecording, type RecordingFault } from './recording-fault.ts';

/** One line of a recording. */
export interface RecordedLine {
  /** Local receive time, epoch ms. */
  readonly tsReceived: number;
  /** Time of the venue in the message (`E`), epoch ms; undefined if absent. */
  readonly tsVenue: number | undefined;
  /** The JSON exactly as received, not parsed. */
  readonly text: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** Number of lines after which a file without valid lines is rejected. */
const HEAD_LINES = 50;

/**
 * Lines of one recording, in batches and in constant memory. `onFault` receives malformed lines and damaged files; reading
 * continues. Rejects with NotARecording if the file is missing, empty or not a recording.
 */
export async function* readRecording(
  file: string,
  onFault: (fault: RecordingFault) => void,
): AsyncGenerator<readonly RecordedLine[]> {
  let line = 0;
  let good = 0;
  let clock: RecorderClock | undefined;
  const early: RecordingFault[] = [];
  const report = (fault: RecordingFault): void => {
    if (good > 0) onFault(fault);
    else early.push(fault);
  };
  for await (const { lines, damage } of openLines(file)) {
    const batch: RecordedLine[] = [];
    const parsed = lines.map((text, i) => parseLine(text, file, line + 1 + i));
    clock ??= clockOf(parsed);
    for (const [i, text] of lines.entries()) {
      line += 1;
      const checked = checkTimes(parsed[i] ?? '', clock);
      if (typeof checked !== 'string') batch.push(checked);
      else if (text.trim() !== '') report({ kind: 'BAD_LINE', file, line, detail: `${checked}: ${shown(text)}` });
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

async function* openLines(file: string): ReturnType<typeof readLines> {
  try {
    yield* readLines(file);
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

/** Maximum error of a recorder clock. */
const PLAUSIBLE_MS = 86_400_000;

/** Parses `<ms, µs or ns> <JSON>`; the number of digits decides the unit. Returns the problem as text for anything else. */
function parseLine(text: string, file: string, line: number): RecordedLine | string {
  const space = text.indexOf(' ');
  if (!isReceiveTime(text, space)) return 'not `<time> <JSON>`';
  const json = text.slice(space + 1).trimEnd();
  if (!json.startsWith('{') || !json.endsWith('}')) return 'not `<time> <JSON>`';
  const tsReceived = Number(text.slice(0, 13));
  const sent = numberAt(json, '"E":');
  const tsVenue = sent > 1e12 ? sent : undefined;
  if (tsVenue !== undefined && Math.abs(tsVenue - tsReceived) > PLAUSIBLE_MS) return 'sent and received days apart';
  if (tsVenue !== undefined && Math.abs(numberAt(json, '"T":') - tsVenue) > STRAY_MS && OBSERVED.test(json))
    return 'its times `T` and `E` are far apart';
  return { tsReceived, tsVenue, text: json, file, line };
}

/** Messages whose `T` is market time. In others it may be far off: in a mark price it is the next funding. */
const OBSERVED = /"e":\s?"(?:depthUpdate|bookTicker|trade|aggTrade)"/;

/**
 * True if `text` starts with milliseconds, microseconds or nanoseconds that end at `space`. Checks digit by digit: a pattern
 * takes twice as long.
 */
function isReceiveTime(text: string, space: number): boolean {
  if (space !== 13 && space !== 16 && space !== 19) return false;
  for (let i = 0; i < space; i += 1) if (!isDigit(text.charCodeAt(i))) return false;
  return true;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** The number after a key, NaN if absent. Parsing every line twice would cost more than the rest of reading. */
function numberAt(json: string, key: string): number {
  const found = json.indexOf(key);
  if (found < 0) return Number.NaN;
  let at = found + key.length;
  while (json.charCodeAt(at) === 32) at += 1;
  const sign = json.charCodeAt(at) === 45 ? -1 : 1;
  if (sign === -1) at += 1;
  if (!isDigit(json.charCodeAt(at))) return Number.NaN;
  let value = 0;
  for (let code = json.charCodeAt(at); isDigit(code); code = json.charCodeAt(at)) {
    value = value * 10 + (code - 48);
    at += 1;
  }
  return sign * value;
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
