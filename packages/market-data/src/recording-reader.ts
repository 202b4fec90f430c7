import { readLines } from './read-lines.ts';
import { NotARecording, type RecordingFault } from './recording-fault.ts';

/** One line of a recording. */
export interface RecordedLine {
  /** Local receive time, epoch ms. */
  readonly tsReceived: number;
  /** The venue's own time in the message (`E`), epoch ms; undefined where it has none. */
  readonly tsVenue: number | undefined;
  /** The JSON, exactly as received; not parsed yet. */
  readonly text: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** Lines looked at before a file is called no recording. */
const HEAD_LINES = 50;

/**
 * Lines of one recording, in batches and in constant memory. A line that is none and a damaged file are told to `onFault`;
 * reading goes on. Rejects with NotARecording where the file is absent, empty or something else.
 */
export async function* readRecording(
  file: string,
  onFault: (fault: RecordingFault) => void,
): AsyncGenerator<readonly RecordedLine[]> {
  let line = 0;
  let good = 0;
  const early: RecordingFault[] = [];
  const report = (fault: RecordingFault): void => {
    if (good > 0) onFault(fault);
    else early.push(fault);
  };
  for await (const { lines, damage } of openLines(file)) {
    const batch: RecordedLine[] = [];
    for (const text of lines) {
      line += 1;
      const parsed = parseLine(text, file, line);
      if (typeof parsed !== 'string') batch.push(parsed);
      else if (text.trim() !== '') report({ kind: 'BAD_LINE', file, line, detail: `${parsed}: ${shown(text)}` });
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

const RECEIVE_TIME = /^(\d{13}|\d{16}|\d{19})$/;

/** A recorder's clock may be wrong by seconds; a line that is wrong by more is damaged, and would drag everybody's clock along. */
const PLAUSIBLE_MS = 86_400_000;

/** `<ms, µs or ns> <JSON>`, told apart by the number of digits; for anything else what is wrong with it. */
function parseLine(text: string, file: string, line: number): RecordedLine | string {
  const space = text.indexOf(' ');
  if (space < 0 || !RECEIVE_TIME.test(text.slice(0, space))) return 'not `<time> <JSON>`';
  const json = text.slice(space + 1).trimEnd();
  if (!json.startsWith('{') || !json.endsWith('}')) return 'not `<time> <JSON>`';
  const tsReceived = Number(text.slice(0, 13));
  const tsVenue = venueTime(json);
  if (tsVenue !== undefined && Math.abs(tsVenue - tsReceived) > PLAUSIBLE_MS) return 'sent and received days apart';
  return { tsReceived, tsVenue, text: json, file, line };
}

/** `E` found in the text: parsing every line twice would cost more than all the rest of reading. */
function venueTime(json: string): number | undefined {
  const at = json.indexOf('"E":');
  if (at < 0) return undefined;
  const from = json.charCodeAt(at + 4) === 32 ? at + 5 : at + 4;
  const digits = json.slice(from, from + 13);
  const value = Number(digits);
  return digits.length === 13 && Number.isSafeInteger(value) && value > 1e12 ? value : undefined;
}
