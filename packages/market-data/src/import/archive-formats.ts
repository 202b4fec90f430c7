import { booleanCell, decimalCell, idCell, timeCell } from './cells.ts';
import { type ColumnPlaces, type CsvFormat, rowPerLine } from './csv-format.ts';
import type { ForeignRow } from './foreign-row.ts';

/** Columns of the three kinds of files, as the headers of futures name them; files of spot and older ones have no header. */
const AGG_TRADES = [
  'agg_trade_id',
  'price',
  'quantity',
  'first_trade_id',
  'last_trade_id',
  'transact_time',
  'is_buyer_maker',
];
const TRADES = ['id', 'price', 'qty', 'quote_qty|quoteqty', 'time', 'is_buyer_maker|isbuyermaker'];
const TICKERS = [
  ...['update_id', 'best_bid_price', 'best_bid_qty', 'best_ask_price', 'best_ask_qty'],
  ...['transaction_time', 'event_time'],
];
/** In both kinds of trades of spot a last column says whether the price was the best one. */
const BEST_MATCH = 'is_best_match';

/** The names without other spellings. */
const first = (columns: readonly string[]): string[] => columns.map((column) => column.split('|')[0] ?? column);
const isTime = (text: string | undefined): boolean => timeCell(text) !== undefined;
const isBoolean = (text: string | undefined): boolean => booleanCell(text) !== undefined;

/** Trades of one taker order at one price. Source of all columns here: github.com/binance/binance-public-data. */
const aggTrades: CsvFormat = {
  name: 'Binance aggTrades',
  gives: 'TRADE',
  hasSymbol: false,
  columns: AGG_TRADES,
  bare: (cells) => {
    if (!isTime(cells[5]) || !isBoolean(cells[6])) return undefined;
    return cells.length === 7 ? AGG_TRADES : cells.length === 8 ? [...AGG_TRADES, BEST_MATCH] : undefined;
  },
  open: (at, symbol) =>
    rowPerLine((cells, line) =>
      tradeOf(cells, { at, symbol, line, names: ['agg_trade_id', 'quantity', 'transact_time', 'is_buyer_maker'] }),
    ),
};

const trades: CsvFormat = {
  name: 'Binance trades',
  gives: 'TRADE',
  hasSymbol: false,
  columns: TRADES,
  bare: (cells) => {
    if (!isTime(cells[4]) || !isBoolean(cells[5])) return undefined;
    return cells.length === 6 ? first(TRADES) : cells.length === 7 ? [...first(TRADES), BEST_MATCH] : undefined;
  },
  open: (at, symbol) =>
    rowPerLine((cells, line) => tradeOf(cells, { at, symbol, line, names: ['id', 'qty', 'time', 'is_buyer_maker'] })),
};

/** Best bid and ask after each change: a book of one level a side. */
const tickers: CsvFormat = {
  name: 'Binance bookTicker',
  gives: 'BOOK',
  hasSymbol: false,
  columns: TICKERS,
  bare: (cells) => (cells.length === 7 && isTime(cells[5]) && isTime(cells[6]) ? TICKERS : undefined),
  open: (at, symbol) =>
    rowPerLine((cells, line) => {
      const cell = (name: string): string | undefined => cells[at.get(name) ?? -1];
      const tsUs = timeCell(cell('transaction_time'));
      const updateId = idCell(cell('update_id'));
      if (tsUs === undefined) return `“${cell('transaction_time')}” is not a time`;
      if (updateId === undefined) return `“${cell('update_id')}” is not an id`;
      const names = ['best_bid_price', 'best_bid_qty', 'best_ask_price', 'best_ask_qty'] as const;
      const texts = names.map((name) => decimalCell(cell(name)));
      const [bid, bidQty, ask, askQty] = texts;
      if (bid === undefined || bidQty === undefined || ask === undefined || askQty === undefined)
        return `“${cell(names[texts.indexOf(undefined)] ?? '')}” is not a decimal`;
      const sides = { bids: [[bid, bidQty]] as [string, string][], asks: [[ask, askQty]] as [string, string][] };
      return { kind: 'BOOK', symbol, tsUs, orderUs: tsUs, line, updateId, ...sides };
    }),
};

export const ARCHIVE_FORMATS: readonly CsvFormat[] = [aggTrades, trades, tickers];

interface TradeColumns {
  readonly at: ColumnPlaces;
  readonly symbol: string;
  readonly line: number;
  readonly names: readonly [id: string, qty: string, time: string, maker: string];
}

function tradeOf(cells: readonly string[], { at, symbol, line, names }: TradeColumns): ForeignRow | string {
  const cell = (name: string): string | undefined => cells[at.get(name) ?? -1];
  const [idName, qtyName, timeName, makerName] = names;
  const [price, qty, tsUs] = [decimalCell(cell('price')), decimalCell(cell(qtyName)), timeCell(cell(timeName))];
  const [tradeId, buyerIsMaker] = [idCell(cell(idName)), booleanCell(cell(makerName))];
  if (tradeId === undefined) return `“${cell(idName)}” is not an id`;
  if (price === undefined || qty === undefined)
    return `“${cell(price === undefined ? 'price' : qtyName)}” is not a decimal`;
  if (tsUs === undefined) return `“${cell(timeName)}” is not a time`;
  if (buyerIsMaker === undefined) return `“${cell(makerName)}” is neither true nor false`;
  return { kind: 'TRADE', symbol, tsUs, orderUs: tsUs, line, tradeId, price, qty, buyerIsMaker };
}
