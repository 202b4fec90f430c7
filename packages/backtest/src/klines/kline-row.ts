import type { KlineLayout } from './kline-layout.ts';

/** One candle of a file; prices and volumes as the file writes them. */
export interface KlineRow {
  /** Open time, epoch ms. */
  readonly openTs: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  /** Base currency. */
  readonly volume: string;
  /** Quote currency; where the file lacks it, volume times the mean of high, low and close. */
  readonly quoteVolume: string;
  /** Share of the volume that buyers took, 0..1; undefined without such a column, or without volume. */
  readonly takerBuyShare: number | undefined;
}

const DECIMAL = /^\d+(?:\.\d+)?$/;
const DECIMALS_OF_QUOTE = 8;
/** A time in seconds, milliseconds, microseconds or nanoseconds has this many digits. */
const UNIT_MS: Readonly<Record<number, number>> = { 10: 1_000, 13: 1, 16: 1e-3, 19: 1e-6 };

/** The candle in a row; a text with the problem if it is none. */
export function readKlineRow(cells: readonly string[], layout: KlineLayout): KlineRow | string {
  const openTs = timeOf(cells[layout.time] ?? '');
  if (openTs === undefined) return `“${cells[layout.time]}” is not a time`;
  const places = [layout.open, layout.high, layout.low, layout.close, layout.volume];
  const texts = places.map((at) => plainDecimal(cells[at]));
  const wrong = places[texts.indexOf(undefined)];
  if (wrong !== undefined) return `“${cells[wrong] ?? ''}” is not a decimal`;
  const [open = '', high = '', low = '', close = '', volume = ''] = texts;
  if (!(Number(low) > 0)) return 'its price is 0';
  if (Number(high) < Math.max(Number(open), Number(close)) || Number(low) > Math.min(Number(open), Number(close)))
    return `open ${open}, high ${high}, low ${low} and close ${close} contradict each other`;
  return { ...{ openTs, open, high, low, close, volume }, ...volumesOf(cells, layout, { high, low, close, volume }) };
}

type Named = Pick<KlineRow, 'high' | 'low' | 'close' | 'volume'>;

function volumesOf(cells: readonly string[], { quoteVolume, takerBuyVolume }: KlineLayout, row: Named) {
  const given = quoteVolume === undefined ? undefined : plainDecimal(cells[quoteVolume]);
  const typical = (Number(row.high) + Number(row.low) + Number(row.close)) / 3;
  const bought = takerBuyVolume === undefined ? Number.NaN : Number(cells[takerBuyVolume]);
  const share = bought / Number(row.volume);
  return {
    quoteVolume: given ?? (Number(row.volume) * typical).toFixed(DECIMALS_OF_QUOTE),
    takerBuyShare: share >= 0 && share <= 1 ? share : undefined,
  };
}

/** Digits with an optional fraction; undefined for anything else. A number in scientific notation is written out. */
function plainDecimal(text: string | undefined): string | undefined {
  const trimmed = text?.trim() ?? '';
  if (DECIMAL.test(trimmed)) return trimmed;
  const value = /^\d+(?:\.\d+)?e[+-]?\d+$/i.test(trimmed) ? Number(trimmed) : Number.NaN;
  return Number.isFinite(value) ? value.toFixed(12).replace(/\.?0+$/, '') : undefined;
}

/** Epoch ms of a number of seconds to nanoseconds, or of an ISO time (UTC unless it names its zone). */
function timeOf(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d+$/.test(trimmed)) {
    const unit = UNIT_MS[trimmed.length];
    return unit === undefined ? undefined : Math.floor(Number(trimmed) * unit);
  }
  const iso = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(trimmed);
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/.test(trimmed) ? trimmed : `${trimmed}Z`;
  const ms = iso ? Date.parse(zoned.replace(' ', 'T')) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
