import { roundStep } from '../../statistics/round-step.ts';
import { figure } from '../format.ts';
import { coordinate, escapeHtml } from './markup.ts';

/**
 * Bounds of a chart. The drawing is stretched to any width; labels are HTML beside it, so that they keep their size on a phone.
 */
export interface ChartScale {
  /** Epoch ms, or whatever the x axis shows. */
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
}

/** One label of an axis at a value. */
export interface AxisTick {
  readonly at: number;
  readonly text: string;
}

/** Parts of a chart. `body` is SVG in the coordinates of `xOf` and `yOf`. */
export interface ChartParts {
  readonly title: string;
  readonly scale: ChartScale;
  readonly xTicks: readonly AxisTick[];
  readonly body: string;
  /** HTML. */
  readonly legend?: string | undefined;
  readonly isLow?: boolean;
}

const SIZE = 1_000;
/** Labels nearer to a side than this share are aligned to it. */
const AT_SIDE = 0.06;

export const xOf = ({ from, to }: ChartScale, value: number) => (SIZE * (value - from)) / Math.max(to - from, 1e-12);
export const yOf = ({ low, high }: ChartScale, value: number) =>
  SIZE * (1 - (value - low) / Math.max(high - low, 1e-12));

/** A scale around all values with room above and below. */
export function scaleOf(from: number, to: number, values: readonly number[]): ChartScale {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const room = (high - low) * 0.05 || Math.abs(high) * 0.001 || 1;
  return { from, to, low: low - room, high: high + room };
}

/** A chart as a figure. */
export function chart({ title, scale, xTicks, body, legend = '', isLow = false }: ChartParts): string {
  const yTicks = valueTicks(scale.low, scale.high, isLow ? 3 : 5);
  const lines = yTicks.map(({ at }) => `<path class="grid" d="M0 ${coordinate(yOf(scale, at))}H${SIZE}"/>`);
  const yLabels = yTicks.map(({ at, text }) => `<span style="top:${coordinate(yOf(scale, at) / 10)}%">${text}</span>`);
  const xLabels = xTicks.map(({ at, text }) => {
    const share = xOf(scale, at) / SIZE;
    const side = share < AT_SIDE ? ' class="first"' : share > 1 - AT_SIDE ? ' class="last"' : '';
    return `<span${side} style="left:${coordinate(100 * share)}%">${escapeHtml(text)}</span>`;
  });
  return `<figure><figcaption><b>${escapeHtml(title)}</b> ${legend}</figcaption><div class="plot${isLow ? ' low' : ''}">
<svg viewBox="0 0 ${SIZE} ${SIZE}" preserveAspectRatio="none" role="img" aria-label="${escapeHtml(title)}">${lines.join('')}${body}</svg>
<div class="y">${yLabels.join('')}</div><div class="x">${xLabels.join('')}</div></div></figure>`;
}

/** Round values from low to high. */
export function valueTicks(low: number, high: number, count: number): AxisTick[] {
  const step = roundStep((high - low) / count);
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  const ticks: AxisTick[] = [];
  for (let n = Math.ceil(low / step); n * step <= high; n += 1) {
    ticks.push({ at: n * step, text: figure(n * step, Math.min(digits, 8)) });
  }
  return ticks;
}

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const TIME_STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 7, 14, 30, 90, 180, 365].map((n) => n * DAY),
];
const MAX_TIMES = 5;

/** Round times from `from` to `to`, in UTC. */
export function timeTicks(from: number, to: number): AxisTick[] {
  return roundTimes(from, to, (at, step) => {
    const iso = new Date(at).toISOString();
    return step >= DAY ? iso.slice(0, 10) : `${iso.slice(5, 10)} ${iso.slice(11, 16)}`;
  });
}

/** Round lengths of time from `from` to `to`, both in ms. */
export function elapsedTicks(from: number, to: number): AxisTick[] {
  return roundTimes(from, to, (at, step) => {
    if (step >= DAY) return `day ${at / DAY}`;
    return step >= HOUR ? `${at / HOUR} h` : `${at / MINUTE} min`;
  });
}

function roundTimes(from: number, to: number, textOf: (at: number, step: number) => string): AxisTick[] {
  const step = TIME_STEPS.find((ms) => (to - from) / ms <= MAX_TIMES) ?? 730 * DAY;
  const ticks: AxisTick[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push({ at, text: textOf(at, step) });
  return ticks;
}

/** Maximum number of stretches in which a line keeps its lowest and its highest point. */
const MAX_STRETCHES = 700;

/** Points of a line, thinned so that no extreme is lost. */
export function thinned<Point>(points: readonly Point[], heightOf: (point: Point) => number): Point[] {
  const width = Math.ceil(points.length / MAX_STRETCHES);
  if (width <= 2) return [...points];
  const kept: Point[] = [];
  for (let at = 0; at < points.length; at += width) {
    const stretch = points.slice(at, at + width).map((point, index) => ({ point, index, value: heightOf(point) }));
    const low = stretch.reduce((least, one) => (one.value < least.value ? one : least));
    const high = stretch.reduce((most, one) => (one.value > most.value ? one : most));
    const ends = [low, high].sort((a, b) => a.index - b.index);
    kept.push(...new Set(ends.map(({ point }) => point)));
  }
  const last = points.at(-1);
  return last === undefined || kept.at(-1) === last ? kept : [...kept, last];
}

/** `d` of a path through points; `isStepped` keeps each value until the next point. */
export function linePath(scale: ChartScale, points: readonly (readonly [number, number])[], isStepped = false): string {
  const at = points.map(([x, y]) => [coordinate(xOf(scale, x)), coordinate(yOf(scale, y))] as const);
  const [first, ...more] = at;
  if (first === undefined) return '';
  return `M${first.join(' ')}${more.map(([x, y]) => (isStepped ? `H${x}V${y}` : `L${x} ${y}`)).join('')}`;
}
