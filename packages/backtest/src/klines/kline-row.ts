import type { KlineRow } from './kline-columns.ts';
import type { KlineLayout } from './kline-layout.ts';

/** A candle as its file writes it. */
export interface KlineTexts {
  /** Open time, epoch ms. */
  readonly openTs: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  /** Undefined without such a column. */
  readonly quoteVolume: string | undefined;
  readonly takerBuyVolume: string | undefined;
}

/** Longest part of a cell in a message. */
const MAX_SHOWN = 40;

const ROUNDING = 1e-6;
const DECIMAL = /^\d+(?:\.\d+)?$/;
/** A time in seconds, milliseconds, microseconds or nanoseconds has this many digits. */
const UNIT_MS: Readonly<Record<number, number>> = { 10: 1_000, 13: 1, 16: 1e-3, 19: 1e-6 };

/** The texts in a row; a text with the problem if one of them is missing or no number. */
export function readKlineTexts(cells: readonly string[], layout: KlineLayout): KlineTexts | string {
  const openTs = timeOf(cells[layout.time] ?? '');
  if (openTs === undefined) return `“${shown(cells[layout.time] ?? '')}” is not a time`;
  const places = [layout.open, layout.high, layout.low, layout.close, layout.volume];
  const texts = places.map((at) => plainDecimal(cells[at]));
  const wrong = places[texts.indexOf(undefined)];
  if (wrong !== undefined) return wrongCell(cells, wrong);
  const [open = '', high = '', low = '', close = '', volume = ''] = texts;
  const optional = (at: number | undefined) => (at === undefined ? undefined : plainDecimal(cells[at]));
  const more = { quoteVolume: optional(layout.quoteVolume), takerBuyVolume: optional(layout.takerBuyVolume) };
  return { openTs, open, high, low, close, volume, ...more };
}

/** Completes a candle from its volumes. `quoteVolume` and `takerBuyVolume` are NaN where the file lacks them. */
export function completeRow(row: KlineRow, quoteVolume: number, takerBuyVolume: number): void {
  const share = takerBuyVolume / row.volume;
  row.buyShare = share >= 0 && share <= 1 ? share : Number.NaN;
  row.quoteVolume = quoteVolume >= 0 ? quoteVolume : (row.volume * (row.high + row.low + row.close)) / 3;
}

/** Why the buyers' volume of a candle cannot be; undefined if it can. Sums of a venue may differ in the last digit. */
export function problemOfVolumes({ volume }: KlineRow, takerBuyVolume: number): string | undefined {
  if (!(takerBuyVolume > volume * (1 + ROUNDING) + ROUNDING)) return undefined;
  return `buyers took ${takerBuyVolume} of a volume of ${volume}: its columns may be swapped`;
}

/** Why the prices of a candle cannot be; undefined if they can. */
export function problemOfPrices({ open, high, low, close }: KlineRow): string | undefined {
  if (!(low > 0)) return 'its price is 0';
  if (high >= open && high >= close && low <= open && low <= close) return undefined;
  return `open ${open}, high ${high}, low ${low} and close ${close} contradict each other`;
}

function wrongCell(cells: readonly string[], at: number): string {
  const cell = cells[at];
  return cell === undefined ? `it has only ${cells.length} columns` : `“${shown(cell.trim())}” is not a decimal`;
}

/** A damaged file may have a cell of megabytes. */
const shown = (cell: string) => (cell.length > MAX_SHOWN ? `${cell.slice(0, MAX_SHOWN)}…` : cell);

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
