import { parseFrame, type VenueMessage } from '@helios/binance/parse-frame.ts';
import type { UnitLevels } from '@helios/core/book/unit-levels.ts';
import { CommonStep } from '@helios/core/price/common-step.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Level } from '@helios/shared/domain/market-data.ts';
import type { OnBytes } from './read-lines.ts';
import type { RecordedLine } from './recorded-line.ts';
import { type RecordedMarket, whyNotOf } from './recorded-market.ts';
import { NotARecording } from './recording-fault.ts';
import { readRecording } from './recording-reader.ts';
import { fromSpot } from './spot-message.ts';

/** Facts about a recording that are needed before replay. */
export interface RecordingHead {
  readonly file: string;
  /** Market time of the first message and of the latest, epoch ms. */
  readonly firstTs: number;
  readonly lastTs: number;
  readonly instruments: readonly Instrument[];
}

/** Messages per symbol that are inspected for its tick and step. */
const HEAD_MESSAGES = 3_000;
/** Lines that are inspected for the market of the recording. */
const MARKET_LINES = 3_000;
/** A recording does not contain the minimum order value; this is the usual one of the venue, in USDT. */
const MIN_NOTIONAL = '5';
const BLANK = 32;
/** Digits of a receive time in ns. */
const MAX_TIME_DIGITS = 19;
/** Finds the symbol in the text: parsing a whole recording takes as long as playing it. */
const SYMBOL = /"s":\s?"([^"]+)"/;

interface Grids {
  readonly tick: CommonStep;
  readonly step: CommonStep;
  messages: number;
}

/**
 * Finds all symbols of a recording, even late ones, with the largest tick and step that fit the first prices and quantities of
 * each. Rejects with NotARecording if there are none. Other faults are left to the actual reading.
 */
export async function scanRecordingHead(
  file: string,
  market: RecordedMarket,
  onBytes?: OnBytes,
): Promise<RecordingHead> {
  const grids = new Map<string, Grids>();
  let firstTs: number | undefined;
  let lastTs = 0;
  let lines = 0;
  const known = new KnownStreams();
  for await (const batch of readRecording(file, () => {}, {
    skips: (bytes, from) => known.isAt(bytes, from),
    onBytes,
  })) {
    for (const line of batch) {
      const { tsVenue, tsReceived } = line;
      lines += 1;
      const why = lines <= MARKET_LINES ? whyNotOf(market, line.text) : undefined;
      if (why !== undefined) throw new NotARecording(file, why);
      firstTs ??= tsVenue ?? tsReceived;
      lastTs = Math.max(lastTs, tsVenue ?? firstTs);
      const symbol = line.message?.symbol ?? SYMBOL.exec(line.text)?.[1] ?? '';
      const messages = grids.get(symbol)?.messages ?? 0;
      if (messages < HEAD_MESSAGES) addTo(grids, market === 'spot' ? fromSpot(line.text, tsReceived) : line);
      if (messages === HEAD_MESSAGES - 1 && market === 'usdm') known.add(symbol);
    }
  }
  const instruments = [...grids].map(([symbol, { tick, step }]) => {
    const step_size = step.step ?? '0.001';
    return { symbol, tick_size: tick.step ?? '0.01', step_size, min_qty: step_size, min_notional: MIN_NOTIONAL };
  });
  return { file, firstTs: firstTs ?? 0, lastTs, instruments };
}

/** Streams of symbols with enough messages: most lines of a recording, which are not read any further. */
class KnownStreams {
  readonly #beginnings: Buffer[] = [];

  add(symbol: string): void {
    this.#beginnings.push(Buffer.from(`{"stream":"${symbol.toLowerCase()}@`));
  }

  /** True if a line that begins at `from` is of one of the streams. */
  isAt(bytes: Buffer, from: number): boolean {
    let blank = from;
    while (blank < from + MAX_TIME_DIGITS && bytes[blank] !== BLANK) blank += 1;
    return this.#beginnings.some((beginning) => startsWith(bytes, blank + 1, beginning));
  }
}

function startsWith(bytes: Buffer, from: number, beginning: Buffer): boolean {
  for (let i = 0; i < beginning.length; i += 1) if (bytes[from + i] !== beginning[i]) return false;
  return true;
}

function addTo(grids: Map<string, Grids>, line: Pick<RecordedLine, 'text' | 'message'> | string): void {
  // A snapshot without a symbol belongs to the only symbol seen so far.
  const only = grids.size === 1 ? grids.keys().next().value : undefined;
  const message = typeof line === 'string' ? parseFrame(line, only) : (line.message ?? parseFrame(line.text, only));
  if (!('symbol' in message)) return;
  const grid = grids.get(message.symbol) ?? { tick: new CommonStep(), step: new CommonStep(), messages: 0 };
  grids.set(message.symbol, grid);
  grid.messages += 1;
  if (message.kind === 'DEPTH_UPDATE' && message.units !== undefined) addUnits(grid, message.units);
  else addLevels(grid, levelsOf(message));
}

function addUnits({ tick, step }: Grids, { values, priceScale, qtyScale }: UnitLevels): void {
  for (let i = 0; i < values.length; i += 2) {
    tick.addUnits(values[i] ?? 0, priceScale);
    step.addUnits(values[i + 1] ?? 0, qtyScale);
  }
}

function addLevels({ tick, step }: Grids, levels: readonly Level[]): void {
  for (const [price, qty] of levels) {
    tick.add(price);
    step.add(qty);
  }
}

function levelsOf(message: VenueMessage): readonly Level[] {
  switch (message.kind) {
    case 'DEPTH_UPDATE':
    case 'DEPTH_SNAPSHOT':
      return [...message.bids, ...message.asks];
    case 'TRADE':
      return [[message.price, message.qty]];
    default:
      return [];
  }
}
