/** Places of the columns in a row of a kline file. */
export interface KlineLayout {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Base currency. */
  readonly volume: number;
  /** Quote currency; undefined if the file lacks it. */
  readonly quoteVolume?: number;
  /** Volume of buyers who took, base currency; undefined if the file lacks it. */
  readonly takerBuyVolume?: number;
  /** Name of the market; undefined if the file lacks it. */
  readonly symbol?: number;
}

/** Names of each column in known files, lower case. */
const NAMES = {
  time: ['open_time', 'opentime', 'timestamp', 'time', 'date', 'datetime', 'ts', 'unix'],
  open: ['open', 'o'],
  high: ['high', 'h'],
  low: ['low', 'l'],
  close: ['close', 'c'],
  volume: ['volume', 'vol', 'v'],
} as const;
const OPTIONAL_NAMES = {
  quoteVolume: ['quote_volume', 'quote_asset_volume', 'turnover'],
  takerBuyVolume: ['taker_buy_volume', 'taker_buy_base_asset_volume', 'taker_buy_base'],
  symbol: ['symbol', 'pair', 'market', 'ticker'],
} as const;

/** Columns of the Binance archive, which has no header before 2022. */
const ARCHIVE: KlineLayout = {
  ...{ time: 0, open: 1, high: 2, low: 3, close: 4, volume: 5 },
  ...{ quoteVolume: 7, takerBuyVolume: 9 },
};
/** Six columns as most venues order them, and as Bitfinex does. */
const SIX = [
  { time: 0, open: 1, high: 2, low: 3, close: 4, volume: 5 },
  { time: 0, open: 1, close: 2, high: 3, low: 4, volume: 5 },
] as const satisfies readonly KlineLayout[];

/** The layout that a header names; a text with the problem if a needed column is missing. */
export function layoutOfHeader(header: readonly string[]): KlineLayout | string {
  const at = (names: readonly string[]): number | undefined => {
    const found = header.findIndex((name) => names.includes(name.trim().toLowerCase()));
    return found < 0 ? undefined : found;
  };
  const needed = Object.entries(NAMES).map(([column, names]) => [column, at(names)] as const);
  const missing = needed.filter(([, place]) => place === undefined).map(([column]) => column);
  if (missing.length > 0) return `its header names no column for ${missing.join(', ')}`;
  const optional = Object.entries(OPTIONAL_NAMES).flatMap(([column, names]) => {
    const place = at(names);
    return place === undefined ? [] : [[column, place] as const];
  });
  return Object.fromEntries([...needed, ...optional]) as unknown as KlineLayout;
}

/**
 * The layout that fits rows without a header: in it no high lies below another price of its row, and no low above one. A text
 * with the problem if none fits, or if the rows do not tell.
 */
export function layoutOfRows(rows: readonly (readonly string[])[]): KlineLayout | string {
  const columns = rows[0]?.length ?? 0;
  if (columns === 12)
    return isConsistent(rows, ARCHIVE) ? ARCHIVE : 'its 12 columns are not those of a Binance archive';
  if (columns !== 6) return `it has no header and ${columns} columns; known are 6 and 12`;
  const [fits, another] = SIX.filter((layout) => isConsistent(rows, layout));
  if (fits === undefined)
    return 'its columns are neither time, open, high, low, close, volume nor time, open, close, high, low, volume';
  if (another === undefined) return fits;
  return 'its first rows do not tell high, low and close apart; give it a header: time,open,high,low,close,volume';
}

function isConsistent(rows: readonly (readonly string[])[], layout: KlineLayout): boolean {
  return rows.every((row) => {
    const priceAt = (at: number): number => Number(row[at]);
    const [open, close] = [priceAt(layout.open), priceAt(layout.close)];
    return priceAt(layout.low) <= Math.min(open, close) && priceAt(layout.high) >= Math.max(open, close);
  });
}
