import { decimalsOf } from '@helios/core/price/decimal-text.ts';
import { symbolOfFile } from '@helios/market-data/import/file-symbol.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import { KLINE_INTERVAL_MS, KlineInterval } from '@helios/shared/domain/market-data.ts';
import { estimatedBuyShare } from './estimated-buyers.ts';
import { fillGaps } from './fill-gaps.ts';
import { joinKlines, type KlineColumns } from './kline-columns.ts';
import type { KlineFile } from './kline-file.ts';
import type { KlineSeries } from './kline-series.ts';
import { NotKlines, readKlineFile } from './read-kline-file.ts';
import { trailingVolume } from './trailing-volume.ts';

/** The venue's usual minimum order value, quote currency: a file of candles does not hold it. */
const MIN_NOTIONAL = '5';
/** Units of a quantity stay below 10^15, where numbers are exact. */
const MAX_UNITS = 1e15;
const DECIMALS_OF_QUOTE = 8;

/** Ticks and steps that the user knows, by symbol. */
export type KnownInstruments = ReadonlyMap<string, Partial<Instrument>>;

/**
 * Reads files of candles, one series per symbol, files of a symbol in the order of their time. The symbol stands in the file's name.
 * Rejects with NotKlines for a file that is none, names no symbol, or overlaps with another one of its symbol.
 */
export async function readKlineSeries(
  files: readonly string[],
  known: KnownInstruments = new Map(),
): Promise<readonly KlineSeries[]> {
  const bySymbol = new Map<string, KlineFile[]>();
  for (const file of files) {
    // First the file: a name that does not exist may be mistyped, whatever symbol it holds.
    const read = await readKlineFile(file);
    const symbol = symbolOfFile(file);
    if (symbol === undefined) throw new NotKlines(file, 'its name holds no symbol such as BTCUSDT');
    bySymbol.set(symbol, [...(bySymbol.get(symbol) ?? []), read]);
  }
  return [...bySymbol].map(([symbol, parts]) => seriesOf(symbol, inOrder(parts), known.get(symbol)));
}

function seriesOf(symbol: string, parts: readonly KlineFile[], known: Partial<Instrument> = {}): KlineSeries {
  const intervalMs = parts[0]?.intervalMs ?? 0;
  const read = joinKlines(parts.map(({ columns }) => columns));
  const knowsBuyers = parts.some((part) => part.knowsBuyers);
  const filled = fillGaps(read, intervalMs);
  const columns = knowsBuyers ? filled : { ...filled, buyShare: estimatedBuyShare(filled) };
  const instrument = { ...instrumentOf(symbol, parts[0], read), ...known };
  const finest = (decimals: (file: KlineFile) => number) => Math.max(...parts.map(decimals));
  return {
    ...{ instrument, intervalMs, columns, filled: columns.length - read.length },
    interval: KlineInterval.options.find((each) => KLINE_INTERVAL_MS[each] === intervalMs) ?? '1m',
    decimals: {
      price: finest(({ grid }) => grid.priceDecimals),
      volume: finest(({ grid }) => grid.volumeDecimals),
      quoteVolume: DECIMALS_OF_QUOTE,
    },
    offGrid: offGridOf(read, Number(instrument.tick_size)),
    depthVolume: trailingVolume(columns.volume),
    knowsBuyers,
    jumps: parts.flatMap(({ jump }) => jump ?? []),
  };
}

function inOrder(parts: readonly KlineFile[]): readonly KlineFile[] {
  const sorted = parts.toSorted((a, b) => firstTs(a) - firstTs(b));
  for (const [at, part] of sorted.entries()) {
    const before = sorted[at - 1];
    if (before === undefined) continue;
    if (firstTs(part) <= (before.columns.openTs.at(-1) ?? 0))
      throw new NotKlines(part.file, 'it overlaps with another file of its symbol; name only one of them');
    if (part.intervalMs !== before.intervalMs)
      throw new NotKlines(part.file, 'its interval differs from that of another file of its symbol');
  }
  return sorted;
}

const firstTs = ({ columns }: KlineFile): number => columns.openTs[0] ?? 0;

/** Tick and step of the first file: a later one changes nothing. */
function instrumentOf(symbol: string, first: KlineFile | undefined, { volume }: KlineColumns): Instrument {
  const { tick: tick_size = '0.01', step = '0.001' } = first?.grid.grid() ?? {};
  const largest = volume.reduce((most, each) => Math.max(most, each), 1);
  const decimals = Math.min(decimalsOf(step), Math.floor(Math.log10(MAX_UNITS / largest)));
  const step_size = decimals < decimalsOf(step) ? (10 ** -decimals).toFixed(Math.max(0, decimals)) : step;
  return { symbol, tick_size, step_size, min_qty: step_size, min_notional: MIN_NOTIONAL };
}

function offGridOf(columns: KlineColumns, tick: number): number {
  let count = 0;
  for (const name of ['open', 'high', 'low', 'close'] as const) {
    for (const price of columns[name]) {
      const ticks = price / tick;
      if (Math.abs(ticks - Math.round(ticks)) > 1e-6) count += 1;
    }
  }
  return count;
}
