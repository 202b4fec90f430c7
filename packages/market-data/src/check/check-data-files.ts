import { parseFrame } from '@helios/binance/parse-frame.ts';
import type { RecordedLine } from '../recorded-line.ts';
import { type RecordedMarket, whyNotOf } from '../recorded-market.ts';
import { NotARecording } from '../recording-fault.ts';
import { readRecording } from '../recording-reader.ts';
import { fromSpot } from '../spot-message.ts';
import { type DataFault, FaultCounts } from './data-fault.ts';
import { SymbolCheck, type SymbolFigures } from './symbol-check.ts';

/** Messages of different streams overtake each other by less, and so do files. */
const OVERTAKING_MS = 2_000;
/** Lines that are inspected for the market of the recording. */
const MARKET_LINES = 3_000;

/** Snapshots without a symbol that wait for the first symbol of the file. */
const MAX_WAITING = 16;

/** The result of one file. */
export interface CheckedFile {
  readonly file: string;
  readonly lines: number;
  readonly symbols: ReadonlyMap<string, SymbolFigures>;
  readonly faults: readonly DataFault[];
}

/**
 * Checks recordings in the order of their market time, as they are played, in constant memory; books go on from file to file. Never
 * rejects for a bad file.
 */
export async function* checkDataFiles(files: readonly string[], market: RecordedMarket): AsyncGenerator<CheckedFile> {
  const checks = new Map<string, SymbolCheck>();
  const begins = new Map<string, number>();
  for (const file of files) begins.set(file, await beginOf(file));
  const sorted = files.toSorted((a, b) => compare(begins.get(a) ?? 0, begins.get(b) ?? 0));
  for (const file of sorted) yield await new FileCheck(file, market, checks).run();
}

/** Market time of the first message that has one, epoch ms: the clock of the recorder may have been set. Unreadable files come last. */
async function beginOf(file: string): Promise<number> {
  try {
    for await (const batch of readRecording(file, () => {}))
      for (const { tsVenue } of batch) if (tsVenue !== undefined) return tsVenue;
  } catch (error) {
    if (!(error instanceof NotARecording)) throw error;
  }
  return Number.POSITIVE_INFINITY;
}

const compare = (a: number, b: number): number => (a === b ? 0 : a - b);

class FileCheck {
  readonly #file: string;
  readonly #market: RecordedMarket;
  readonly #checks: Map<string, SymbolCheck>;
  readonly #symbols = new Map<string, SymbolFigures>();
  readonly #faults = new FaultCounts();
  /** Lines from before the first symbol. */
  readonly #waiting: RecordedLine[] = [];
  #lines = 0;
  #lastReceivedTs = 0;

  constructor(file: string, market: RecordedMarket, checks: Map<string, SymbolCheck>) {
    this.#file = file;
    this.#market = market;
    this.#checks = checks;
  }

  async run(): Promise<CheckedFile> {
    try {
      const onFault = ({
        kind,
        line,
        detail,
      }: {
        kind: Parameters<FaultCounts['add']>[0];
        line: number;
        detail: string;
      }) => this.#faults.add(kind, undefined, line, () => detail);
      for await (const batch of readRecording(this.#file, onFault)) for (const line of batch) this.#onLine(line);
    } catch (error) {
      if (!(error instanceof NotARecording)) throw error;
      this.#faults.add('NOT_A_RECORDING', undefined, 0, () => error.message);
    }
    for (const { line } of this.#waiting) {
      this.#faults.add('BAD_MESSAGE', undefined, line, () => 'a snapshot, and no message that names a symbol');
    }
    for (const symbol of this.#symbols.keys()) this.#checks.get(symbol)?.end();
    return { file: this.#file, lines: this.#lines, symbols: this.#symbols, faults: this.#faults.all() };
  }

  #onLine(line: RecordedLine): void {
    this.#lines += 1;
    const why = this.#lines <= MARKET_LINES ? whyNotOf(this.#market, line.text) : undefined;
    if (why !== undefined) throw new NotARecording(this.#file, why);
    const { tsReceived } = line;
    const backMs = this.#lastReceivedTs - tsReceived;
    if (backMs > 0)
      this.#faults.add('CLOCK_BACK', undefined, line.line, () => `received ${backMs} ms before the line above`);
    this.#lastReceivedTs = tsReceived;
    this.#onText(line);
  }

  #onText(line: RecordedLine): void {
    const { tsReceived, tsVenue } = line;
    const message = this.#messageOf(line);
    const isEarly = this.#symbols.size === 0 && this.#checks.size !== 1 && line.text.includes('"lastUpdateId"');
    if (message.kind === 'FAULT' && isEarly && this.#waiting.length < MAX_WAITING) this.#waiting.push(line);
    else if (message.kind === 'FAULT') this.#faults.add('BAD_MESSAGE', undefined, line.line, () => message.detail);
    else if (message.kind !== 'IGNORED') {
      const check = this.#checkOf(message.symbol, line);
      // Of the only symbol known by now.
      for (const early of this.#waiting.splice(0)) this.#onText(early);
      check.onMessage({ message, line: line.line, tsReceived, tsVenue });
    }
  }

  /** A snapshot without a symbol belongs to the only symbol of the file. */
  #messageOf(line: RecordedLine) {
    if (this.#market === 'usdm' && line.message !== undefined) return line.message;
    const text = this.#market === 'spot' ? fromSpot(line.text, line.tsReceived) : line.text;
    const known = this.#symbols.size === 0 ? this.#checks : this.#symbols;
    return parseFrame(text, known.size === 1 ? known.keys().next().value : undefined);
  }

  #checkOf(symbol: string, { tsVenue, line }: RecordedLine): SymbolCheck {
    let check = this.#checks.get(symbol);
    if (check === undefined) {
      check = new SymbolCheck(symbol, this.#faults);
      this.#checks.set(symbol, check);
    }
    if (this.#symbols.has(symbol)) return check;
    this.#symbols.set(symbol, check.begin(this.#faults));
    const overlapMs = (check.newestTs ?? 0) - (tsVenue ?? Number.POSITIVE_INFINITY);
    if (overlapMs > OVERTAKING_MS) {
      const detail = () => `it begins ${Math.round(overlapMs / 1_000)} s before an earlier file ends`;
      this.#faults.add('OVERLAPPING_FILES', symbol, line, detail);
    }
    return check;
  }
}
