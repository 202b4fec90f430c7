import { basename } from 'node:path';
import { withoutEndZeros } from '@helios/core/price/decimal-text.ts';
import type { Level } from '@helios/shared/domain/market-data.ts';
import type { FeedMessage } from '../feed/symbol-feed.ts';
import { mergeSources } from '../merge-sources.ts';
import type { RecordingFault } from '../recording-fault.ts';
import type { MarketSource, VenueFrame } from '../source.ts';
import { BookMessages } from './book-messages.ts';
import type { ForeignRow } from './foreign-row.ts';
import type { ForeignScan, ScannedFile, SymbolDecimals } from './foreign-scan.ts';
import { NotImportable } from './not-importable.ts';

/** Tolerance for the overlap of files. */
const OVERLAP_US = 2_000_000;
const US_PER_MS = 1_000;

interface PlacedRow {
  readonly row: ForeignRow;
  readonly file: string;
  /** Order of the rows of all files; a fraction of a millisecond counts, too. */
  readonly tsMarket: number;
}

/**
 * Scanned files as a market source, in the order in which their rows were received. Files of one format and symbol play one after the
 * other. Throws NotImportable if a symbol has two sources of books or of trades.
 */
export function createForeignSource(scan: ForeignScan, onFault: (fault: RecordingFault) => void): MarketSource {
  const channels = channelsOf(scan.files);
  async function* batches(stop: AbortSignal): AsyncGenerator<readonly VenueFrame[]> {
    for (const fault of channels.flatMap(overlapsOf)) onFault(fault);
    const writer = new FrameWriter(scan.decimals);
    for await (const rows of mergeSources(channels.map((files) => readChannel(files, onFault)))) {
      if (stop.aborted) return;
      yield rows.flatMap((placed) => writer.frames(placed));
    }
  }
  return {
    batches,
    async instruments() {
      return scan.instruments;
    },
    async history() {
      return [];
    },
    async *frames(stop) {
      for await (const batch of batches(stop)) yield* batch;
    },
  };
}

/** Files of one format and the same symbols, in the order of their time. */
function channelsOf(files: readonly ScannedFile[]): readonly (readonly ScannedFile[])[] {
  const named = Map.groupBy(files, ({ format, symbols }) => `${format} of ${[...symbols].toSorted().join()}`);
  const sources = new Map<string, ScannedFile>();
  for (const [first] of named.values()) {
    for (const symbol of first?.symbols ?? []) {
      const key = `${symbol} ${first?.gives}`;
      const other = sources.get(key);
      if (first !== undefined && other !== undefined)
        throw new NotImportable(
          first.file,
          `${symbol} has ${first.gives === 'BOOK' ? 'books' : 'trades'} from it (${first.format}) and from ${basename(other.file)} (${other.format}); name only one of them`,
        );
      if (first !== undefined) sources.set(key, first);
    }
  }
  return [...named.values()].map((channel) => channel.toSorted((a, b) => a.firstUs - b.firstUs));
}

function overlapsOf(channel: readonly ScannedFile[]): readonly RecordingFault[] {
  return channel.flatMap((file, i) => {
    const before = channel[i - 1];
    const overlapUs = before === undefined ? 0 : before.lastUs - file.firstUs;
    if (before === undefined || overlapUs <= OVERLAP_US) return [];
    const detail = `it begins ${Math.round(overlapUs / 1e6)} s before ${basename(before.file)} ends, of the same symbol`;
    return [{ kind: 'OVERLAPPING_FILES', file: file.file, line: 1, detail }];
  });
}

async function* readChannel(
  files: readonly ScannedFile[],
  onFault: (fault: RecordingFault) => void,
): AsyncGenerator<readonly PlacedRow[]> {
  let newest = 0;
  for (const { file, rows } of files) {
    for await (const batch of rows(onFault)) {
      yield batch.rows.map((row) => {
        newest = Math.max(newest, row.orderUs / US_PER_MS);
        return { row, file, tsMarket: newest };
      });
    }
  }
}

/** Turns rows into frames with messages of the venue. */
class FrameWriter {
  readonly #decimals: ReadonlyMap<string, SymbolDecimals>;
  readonly #books = new Map<string, BookMessages>();
  #tradeId = 0;
  #tsMarket = 0;

  constructor(decimals: ReadonlyMap<string, SymbolDecimals>) {
    this.#decimals = decimals;
  }

  frames({ row, file }: PlacedRow): VenueFrame[] {
    const tsReceived = Math.floor(row.tsUs / US_PER_MS);
    this.#tsMarket = Math.max(this.#tsMarket, tsReceived);
    const tsMarket = this.#tsMarket;
    return this.#messages(row, tsReceived).map((message) => {
      return { tsReceived, tsMarket, text: '', message, file, line: row.line };
    });
  }

  #messages(row: ForeignRow, ts: number): readonly FeedMessage[] {
    const { symbol } = row;
    const decimals = this.#decimals.get(symbol) ?? { price: 0, qty: 0 };
    if (row.kind === 'TRADE') {
      this.#tradeId += 1;
      const { tradeId = this.#tradeId, buyerIsMaker } = row;
      const [price, qty] = levelText([row.price, row.qty], decimals);
      return [{ kind: 'TRADE', symbol, tsEvent: ts, tsSent: ts, stream: 'trade', tradeId, price, qty, buyerIsMaker }];
    }
    const books = this.#books.get(symbol) ?? new BookMessages(symbol);
    this.#books.set(symbol, books);
    const [bids, asks] = [row.bids, row.asks].map((side) => side.map((level) => levelText(level, decimals)));
    const written = { ...row, bids: bids ?? [], asks: asks ?? [] };
    return written.kind === 'BOOK' ? books.whole(written) : books.changes(written);
  }
}

/** All texts of a symbol have the same decimals, as the venue writes them. */
function levelText([price, qty]: readonly [string, string], decimals: SymbolDecimals): Level {
  return [withDecimals(price, decimals.price), withDecimals(qty, decimals.qty)];
}

function withDecimals(text: string, decimals: number): string {
  const [whole = '0', fraction = ''] = withoutEndZeros(text).split('.');
  return decimals === 0 ? whole : `${whole}.${fraction.padEnd(decimals, '0')}`;
}
