import { KlineCollector, type KlineRow } from './kline-columns.ts';
import type { KlineFile } from './kline-file.ts';
import { GridFinder } from './kline-grid.ts';
import { type KlineLayout, layoutOfHeader, layoutOfRows } from './kline-layout.ts';
import { completeRow, type KlineTexts, problemOfPrices, problemOfVolumes, readKlineTexts } from './kline-row.ts';
import { intervalOf, KlineSequence } from './kline-sequence.ts';
import { KlineRowScanner, SLOT } from './scan-kline-row.ts';

/** Rows that decide the layout of a file without a header. */
const HEAD_ROWS = 500;

/** Lines in, candles out. It holds the first rows back until they decide the layout. */
export class KlineFileReader {
  /** Number of lines so far. */
  lines = 0;
  readonly #refuse: (why: string) => Error;
  readonly #collector = new KlineCollector();
  readonly #grid = new GridFinder();
  readonly #row: KlineRow = {
    ...{ openTs: 0, open: 0, high: 0, low: 0, close: 0 },
    ...{ volume: 0, quoteVolume: 0, buyShare: 0 },
  };
  readonly #sequence = new KlineSequence();
  #layout: KlineLayout | undefined;
  #scanner: KlineRowScanner | undefined;
  #head: string[][] = [];
  #headLine = 1;
  #symbol: string | undefined;

  /** `refuse` makes the error that is thrown. */
  constructor(refuse: (why: string) => Error) {
    this.#refuse = refuse;
  }

  /** Adds a line; throws for one that is no candle. */
  line(bytes: Buffer, from: number, end: number): void {
    this.lines += 1;
    if (this.#scanner?.scan(bytes, from, end)) {
      this.#takeScanned(this.#scanner);
      return;
    }
    const text = bytes.toString('utf8', from, end);
    if (text.trim() === '') return;
    const cells = text.split(',');
    if (this.#layout !== undefined) this.#takeTexts(cells, this.#layout, this.lines);
    else if (this.#head.length === 0 && isHeader(cells)) this.#useHeader(cells);
    else if (this.#head.push(cells) >= HEAD_ROWS) this.#readHead();
  }

  /** The candles; throws for a file without rows. */
  end(): Omit<KlineFile, 'file'> {
    if (this.#head.length > 0) this.#readHead();
    if (this.#collector.length === 0) throw this.#refuse('it has no rows');
    const columns = this.#collector.columns();
    const intervalMs = intervalOf(columns.openTs);
    if (typeof intervalMs === 'string') throw this.#refuse(intervalMs);
    const { jump } = this.#sequence;
    return { columns, grid: this.#grid, intervalMs, knowsBuyers: this.#layout?.takerBuyVolume !== undefined, jump };
  }

  #useHeader(cells: readonly string[]): void {
    this.#useLayout(layoutOfHeader(cells));
    this.#headLine = this.lines + 1;
  }

  #readHead(): void {
    const layout = this.#useLayout(layoutOfRows(this.#head));
    const first = this.#headLine;
    for (const [at, cells] of this.#head.entries()) this.#takeTexts(cells, layout, first + at);
    this.#head = [];
  }

  #useLayout(layout: KlineLayout | string): KlineLayout {
    if (typeof layout === 'string') throw this.#refuse(layout);
    this.#layout = layout;
    // A column of symbols must be compared: such rows are read as texts.
    if (layout.symbol === undefined) this.#scanner = new KlineRowScanner(layout);
    return layout;
  }

  #takeScanned(scanner: KlineRowScanner): void {
    const { values } = scanner;
    const row = this.#row;
    row.openTs = values[SLOT.time] ?? Number.NaN;
    row.open = values[SLOT.open] ?? Number.NaN;
    row.high = values[SLOT.high] ?? Number.NaN;
    row.low = values[SLOT.low] ?? Number.NaN;
    row.close = values[SLOT.close] ?? Number.NaN;
    row.volume = values[SLOT.volume] ?? Number.NaN;
    const bought = values[SLOT.takerBuyVolume] ?? Number.NaN;
    completeRow(row, values[SLOT.quoteVolume] ?? Number.NaN, bought);
    this.#add(this.lines, bought);
    this.#grid.addScanned(scanner);
  }

  #takeTexts(cells: readonly string[], layout: KlineLayout, line: number): void {
    const texts = readKlineTexts(cells, layout);
    if (typeof texts === 'string') throw this.#refuse(`line ${line}: ${texts}`);
    this.#checkSymbol(cells, layout, line);
    const bought = Number(texts.takerBuyVolume ?? Number.NaN);
    fill(this.#row, texts, bought);
    this.#add(line, bought);
    this.#grid.addTexts([texts.open, texts.high, texts.low, texts.close], texts.volume);
  }

  #checkSymbol(cells: readonly string[], { symbol: place }: KlineLayout, line: number): void {
    if (place === undefined) return;
    const symbol = cells[place]?.trim();
    this.#symbol ??= symbol;
    if (symbol !== this.#symbol)
      throw this.#refuse(`line ${line}: it mixes ${this.#symbol} and ${symbol}; give each symbol its own file`);
  }

  #add(line: number, takerBuyVolume: number): void {
    const row = this.#row;
    const problem = problemOfPrices(row) ?? problemOfVolumes(row, takerBuyVolume) ?? this.#sequence.next(row);
    if (problem !== undefined) throw this.#refuse(`line ${line}: ${problem}`);
    this.#collector.add(this.#row);
  }
}

function fill(row: KlineRow, texts: KlineTexts, takerBuyVolume: number): void {
  row.openTs = texts.openTs;
  row.open = Number(texts.open);
  row.high = Number(texts.high);
  row.low = Number(texts.low);
  row.close = Number(texts.close);
  row.volume = Number(texts.volume);
  completeRow(row, Number(texts.quoteVolume ?? Number.NaN), takerBuyVolume);
}

/** A header has a name where a row has its open price. */
function isHeader(cells: readonly string[]): boolean {
  return Number.isNaN(Number(cells[1]));
}
