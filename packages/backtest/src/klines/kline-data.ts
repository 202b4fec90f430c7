import { basename } from 'node:path';
import { CommonStep } from '@helios/core/price/common-step.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { KlineRow } from './kline-row.ts';
import { NotKlines, readKlineFile } from './read-kline-file.ts';

/** The venue's usual minimum order value, USDT: a file of candles does not hold it. */
const MIN_NOTIONAL = '5';
const MINUTE_MS = 60_000;
/** Missing minutes up to this many had no trade: they are filled with the last price. A longer gap ends the session. */
const MAX_FILLED_MINUTES = 10;
const SYMBOL = /(?:^|[^A-Z0-9])([A-Z0-9]{1,20}(?:USDT|USDC|USD))(?![A-Z0-9])/;

/** All candles of one symbol. */
export interface KlineSeries {
  readonly instrument: Instrument;
  /** Oldest first. Short gaps are filled; a longer one remains. */
  readonly rows: readonly KlineRow[];
  /** Number of filled minutes. */
  readonly filledMinutes: number;
}

/**
 * Reads files of candles, one series per symbol, files of a symbol in the order of their time. The symbol stands in the file's name.
 * Rejects with NotKlines for a file that is none, names no symbol, or overlaps with another one of its symbol.
 */
export async function readKlineSeries(files: readonly string[]): Promise<readonly KlineSeries[]> {
  const bySymbol = new Map<string, { readonly file: string; readonly rows: readonly KlineRow[] }[]>();
  for (const file of files) {
    const symbol = SYMBOL.exec(basename(file))?.[1];
    if (symbol === undefined) throw new NotKlines(file, 'its name holds no symbol such as BTCUSDT');
    const rows: KlineRow[] = [];
    for await (const batch of readKlineFile(file)) for (const row of batch) rows.push(row);
    bySymbol.set(symbol, [...(bySymbol.get(symbol) ?? []), { file, rows }]);
  }
  return [...bySymbol].map(([symbol, parts]) => {
    const read = inOrder(parts);
    const rows = [...filled(read)];
    return { instrument: instrumentOf(symbol, read), rows, filledMinutes: rows.length - read.length };
  });
}

function inOrder(parts: readonly { readonly file: string; readonly rows: readonly KlineRow[] }[]): readonly KlineRow[] {
  const sorted = parts.toSorted((a, b) => (a.rows[0]?.openTs ?? 0) - (b.rows[0]?.openTs ?? 0));
  let lastTs = Number.NEGATIVE_INFINITY;
  for (const { file, rows } of sorted) {
    const first = rows[0]?.openTs ?? 0;
    if (first <= lastTs)
      throw new NotKlines(file, 'it overlaps with another file of its symbol; name only one of them');
    lastTs = rows.at(-1)?.openTs ?? lastTs;
  }
  return sorted.flatMap(({ rows }) => rows);
}

/** The largest tick and step that fit all prices and volumes. */
function instrumentOf(symbol: string, rows: readonly KlineRow[]): Instrument {
  const tick = new CommonStep();
  const step = new CommonStep();
  for (const { open, high, low, close, volume } of rows) {
    for (const price of [open, high, low, close]) tick.add(price);
    step.add(volume);
  }
  const step_size = step.step ?? '0.001';
  return { symbol, tick_size: tick.step ?? '0.01', step_size, min_qty: step_size, min_notional: MIN_NOTIONAL };
}

function* filled(rows: readonly KlineRow[]): Generator<KlineRow> {
  let last: KlineRow | undefined;
  for (const row of rows) {
    const missing = last === undefined ? 0 : (row.openTs - last.openTs) / MINUTE_MS - 1;
    if (last !== undefined && missing <= MAX_FILLED_MINUTES)
      for (let i = 1; i <= missing; i += 1) yield flatAt(last.openTs + i * MINUTE_MS, last.close);
    yield row;
    last = row;
  }
}

function flatAt(openTs: number, price: string): KlineRow {
  const prices = { open: price, high: price, low: price, close: price };
  return { openTs, ...prices, volume: '0', quoteVolume: '0', takerBuyShare: undefined };
}
