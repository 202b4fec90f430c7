import { parseFrame, type VenueMessage } from '@helios/binance/parse-frame.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Level } from '@helios/shared/domain/market-data.ts';
import { DecimalGrid } from './decimal-grid.ts';
import { readRecording } from './recording-reader.ts';

/** What the beginning of a recording tells about it. */
export interface RecordingHead {
  readonly file: string;
  /** Market time of the first message, epoch ms. */
  readonly firstTs: number;
  readonly instruments: readonly Instrument[];
}

/** Messages looked at: enough to meet every symbol and its snapshot. */
const HEAD_MESSAGES = 3_000;
/** A recording does not tell the smallest order; this is the venue's usual one, in USDT. */
const MIN_NOTIONAL = '5';

/**
 * Symbols of a recording, with the coarsest tick and step that fit every price and quantity in its head.
 * Rejects with NotARecording where there are none. Faults are left to the reading proper.
 */
export async function scanRecordingHead(file: string): Promise<RecordingHead> {
  const grids = new Map<string, { tick: DecimalGrid; step: DecimalGrid }>();
  let firstTs: number | undefined;
  let seen = 0;
  for await (const batch of readRecording(file, () => {})) {
    for (const { text, tsVenue, tsReceived } of batch) {
      firstTs ??= tsVenue ?? tsReceived;
      // A snapshot that names no symbol belongs to the one symbol seen so far.
      const message = parseFrame(text, grids.size === 1 ? grids.keys().next().value : undefined);
      if (!('symbol' in message)) continue;
      const grid = grids.get(message.symbol) ?? { tick: new DecimalGrid(), step: new DecimalGrid() };
      grids.set(message.symbol, grid);
      for (const [price, qty] of levelsOf(message)) {
        grid.tick.add(price);
        grid.step.add(qty);
      }
    }
    seen += batch.length;
    if (seen >= HEAD_MESSAGES) break;
  }
  const instruments = [...grids].map(([symbol, { tick, step }]) => ({
    symbol,
    tick_size: tick.step ?? '0.01',
    step_size: step.step ?? '0.001',
    min_notional: MIN_NOTIONAL,
  }));
  return { file, firstTs: firstTs ?? 0, instruments };
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
