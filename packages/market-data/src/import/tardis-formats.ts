import type { Level } from '@helios/shared/domain/market-data.ts';
import { booleanCell, decimalCell, idCell, symbolCell, timeCell } from './cells.ts';
import { type ColumnPlaces, type CsvFormat, type RowReader, rowPerLine } from './csv-format.ts';
import type { ForeignRow, LevelsRow } from './foreign-row.ts';

const STAMPS = ['symbol', 'timestamp', 'local_timestamp'] as const;
/** Levels of a published book; deeper ones of a snapshot are not needed. */
const MAX_LEVELS = 20;

type Stamped = Pick<ForeignRow, 'symbol' | 'tsUs' | 'orderUs'>;

/** The columns that every file of Tardis has; a text with the problem. */
function stampsOf(cells: readonly string[], at: ColumnPlaces): Stamped | string {
  const cell = (name: string): string | undefined => cells[at.get(name) ?? -1];
  const symbol = symbolCell(cell('symbol'));
  const tsUs = timeCell(cell('timestamp'));
  const orderUs = timeCell(cell('local_timestamp'));
  if (symbol === undefined) return `“${cell('symbol')}” is not a symbol`;
  if (tsUs === undefined || orderUs === undefined)
    return `“${cell(tsUs === undefined ? 'timestamp' : 'local_timestamp')}” is not a time in µs`;
  return { symbol, tsUs, orderUs };
}

/** Trades; `side` is that of the taker. Source of all columns here: docs.tardis.dev, Downloadable CSV files, Data types. */
const trades: CsvFormat = {
  name: 'Tardis trades',
  gives: 'TRADE',
  hasSymbol: true,
  columns: [...STAMPS, 'id', 'side', 'price', 'amount'],
  open: (at) =>
    rowPerLine((cells, line) => {
      const stamps = stampsOf(cells, at);
      if (typeof stamps === 'string') return stamps;
      const cell = (name: string): string | undefined => cells[at.get(name) ?? -1];
      const side = cell('side');
      if (side !== 'buy' && side !== 'sell') return `the side “${side}” is neither buy nor sell`;
      const [price, qty] = [decimalCell(cell('price')), decimalCell(cell('amount'))];
      if (price === undefined || qty === undefined) return notDecimal(cell(price === undefined ? 'price' : 'amount'));
      return { kind: 'TRADE', ...stamps, line, tradeId: idCell(cell('id')), price, qty, buyerIsMaker: side === 'sell' };
    }),
};

/** Best bid and ask: `quotes` and `book_ticker` have the same columns. */
const quotes: CsvFormat = {
  name: 'Tardis quotes or book_ticker',
  gives: 'BOOK',
  hasSymbol: true,
  columns: [...STAMPS, 'ask_amount', 'ask_price', 'bid_price', 'bid_amount'],
  open: (at) =>
    rowPerLine((cells, line) => {
      const stamps = stampsOf(cells, at);
      if (typeof stamps === 'string') return stamps;
      const [bid, ask] = [
        levelOf(cells, at, ['bid_price', 'bid_amount']),
        levelOf(cells, at, ['ask_price', 'ask_amount']),
      ];
      if (typeof bid === 'string') return bid;
      if (typeof ask === 'string') return ask;
      return { kind: 'BOOK', ...stamps, line, updateId: undefined, bids: bid ? [bid] : [], asks: ask ? [ask] : [] };
    }),
};

/** The best levels, 5 or 25 a side, after each change. */
const snapshots = (levels: 5 | 25): CsvFormat => ({
  name: `Tardis book_snapshot_${levels}`,
  gives: 'BOOK',
  hasSymbol: true,
  columns: [...STAMPS, ...sideColumns('asks', levels).flat(), ...sideColumns('bids', levels).flat()],
  open: (at) =>
    rowPerLine((cells, line) => {
      const stamps = stampsOf(cells, at);
      if (typeof stamps === 'string') return stamps;
      const shown = Math.min(levels, MAX_LEVELS);
      const bids = sideOf(cells, at, sideColumns('bids', shown));
      const asks = sideOf(cells, at, sideColumns('asks', shown));
      if (typeof bids === 'string') return bids;
      if (typeof asks === 'string') return asks;
      return { kind: 'BOOK', ...stamps, line, updateId: undefined, bids, asks };
    }),
});

/** Absolute amounts of changed levels, a line each. Lines of one message have the same `local_timestamp`. */
const increments: CsvFormat = {
  name: 'Tardis incremental_book_L2',
  gives: 'BOOK',
  hasSymbol: true,
  columns: [...STAMPS, 'is_snapshot', 'side', 'price', 'amount'],
  open: (at) => new IncrementReader(at),
};

export const TARDIS_FORMATS: readonly CsvFormat[] = [increments, snapshots(25), snapshots(5), trades, quotes];

/** Joins the lines of a message. */
class IncrementReader implements RowReader {
  readonly #at: ColumnPlaces;
  #row: (LevelsRow & { readonly bids: Level[]; readonly asks: Level[] }) | undefined;

  constructor(at: ColumnPlaces) {
    this.#at = at;
  }

  read(cells: readonly string[], line: number): ForeignRow | string | undefined {
    const stamps = stampsOf(cells, this.#at);
    if (typeof stamps === 'string') return stamps;
    const cell = (name: string): string | undefined => cells[this.#at.get(name) ?? -1];
    const isSnapshot = booleanCell(cell('is_snapshot'));
    const side = cell('side');
    const [price, qty] = [decimalCell(cell('price')), decimalCell(cell('amount'))];
    if (isSnapshot === undefined) return `is_snapshot is “${cell('is_snapshot')}”, neither true nor false`;
    if (side !== 'bid' && side !== 'ask') return `the side “${side}” is neither bid nor ask`;
    if (price === undefined || qty === undefined) return notDecimal(cell(price === undefined ? 'price' : 'amount'));
    const open = this.#row;
    const isSame = open?.orderUs === stamps.orderUs && open.symbol === stamps.symbol && open.isSnapshot === isSnapshot;
    const row = isSame ? open : { kind: 'LEVELS' as const, ...stamps, line, isSnapshot, bids: [], asks: [] };
    (side === 'bid' ? row.bids : row.asks).push([price, qty]);
    this.#row = row;
    return isSame ? undefined : open;
  }

  rest(): ForeignRow | undefined {
    return this.#row;
  }
}

function sideColumns(side: 'bids' | 'asks', levels: number): readonly (readonly [price: string, amount: string])[] {
  return Array.from({ length: levels }, (_, i) => [`${side}[${i}].price`, `${side}[${i}].amount`] as const);
}

/** A side with fewer levels leaves its last cells empty. */
function sideOf(
  cells: readonly string[],
  at: ColumnPlaces,
  columns: readonly (readonly [string, string])[],
): Level[] | string {
  const levels: Level[] = [];
  for (const names of columns) {
    const level = levelOf(cells, at, names);
    if (typeof level === 'string') return level;
    if (level === undefined) break;
    levels.push(level);
  }
  return levels;
}

/** Undefined for empty cells; a text with the problem for anything but decimals. */
function levelOf(
  cells: readonly string[],
  at: ColumnPlaces,
  [priceName, qtyName]: readonly [string, string],
): Level | string | undefined {
  const [priceText = '', qtyText = ''] = [cells[at.get(priceName) ?? -1], cells[at.get(qtyName) ?? -1]];
  if (priceText.trim() === '') return undefined;
  const [price, qty] = [decimalCell(priceText), decimalCell(qtyText)];
  return price === undefined || qty === undefined
    ? notDecimal(price === undefined ? priceText : qtyText)
    : [price, qty];
}

function notDecimal(text: string | undefined): string {
  return `“${text ?? ''}” is not a decimal`;
}
