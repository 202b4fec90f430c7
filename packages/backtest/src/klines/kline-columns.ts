/** One candle in numbers. */
export interface KlineRow {
  /** Open time, epoch ms. */
  openTs: number;
  open: number;
  high: number;
  low: number;
  close: number;
  /** Base currency. */
  volume: number;
  /** Quote currency; where the file lacks it, volume times the mean of high, low and close. */
  quoteVolume: number;
  /** Share of the volume that buyers took, 0..1; NaN without such a column, or without volume. */
  buyShare: number;
}

/** Candles of one symbol, oldest first, a column for each figure: a number holds prices of 15 digits exactly. */
export interface KlineColumns extends Readonly<Record<keyof KlineRow, Float64Array>> {
  readonly length: number;
}

const NAMES = ['openTs', 'open', 'high', 'low', 'close', 'volume', 'quoteVolume', 'buyShare'] as const;

/** Collects candles into columns that grow. */
export class KlineCollector {
  length = 0;
  #columns = columnsOf(8_192);

  add(row: Readonly<KlineRow>): void {
    if (this.length === this.#columns.openTs.length) this.#grow();
    const { openTs, open, high, low, close, volume, quoteVolume, buyShare } = this.#columns;
    const at = this.length;
    openTs[at] = row.openTs;
    open[at] = row.open;
    high[at] = row.high;
    low[at] = row.low;
    close[at] = row.close;
    volume[at] = row.volume;
    quoteVolume[at] = row.quoteVolume;
    buyShare[at] = row.buyShare;
    this.length = at + 1;
  }

  /** All candles so far. */
  columns(): KlineColumns {
    return sliceKlines({ ...this.#columns, length: this.length }, 0, this.length);
  }

  #grow(): void {
    const grown = columnsOf(2 * this.length);
    for (const name of NAMES) grown[name].set(this.#columns[name]);
    this.#columns = grown;
  }
}

/** The candles from one index up to another one, in the same memory. */
export function sliceKlines(columns: KlineColumns, from: number, to: number): KlineColumns {
  return { ...mapColumns((name) => columns[name].subarray(from, to)), length: to - from };
}

/** The candles of several columns one after the other. */
export function joinKlines(parts: readonly KlineColumns[]): KlineColumns {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const joined = columnsOf(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    for (const name of NAMES) joined[name].set(part[name], at);
    at += part.length;
  }
  return { ...joined, length: at };
}

function columnsOf(length: number): Record<keyof KlineRow, Float64Array> {
  return mapColumns(() => new Float64Array(length));
}

function mapColumns(make: (name: keyof KlineRow) => Float64Array): Record<keyof KlineRow, Float64Array> {
  return Object.fromEntries(NAMES.map((name) => [name, make(name)])) as Record<keyof KlineRow, Float64Array>;
}
