import type { MeanWithError } from '../statistics/mean-error.ts';
import type { Estimate } from '../statistics/stationary-bootstrap.ts';

/** Shown for a figure that is not defined. */
export const ABSENT = '–';

/** A number with a true minus and thin groups of thousands; absent figures and infinite ones show as –. */
export function figure(value: number | undefined, digits = 2): string {
  if (value === undefined || !Number.isFinite(value)) return ABSENT;
  const text = Math.abs(value).toFixed(digits);
  const isZero = Number(text) === 0;
  const [whole = '', ...fraction] = text.split('.');
  return [value < 0 && !isZero ? '−' : '', [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...fraction].join('.')].join('');
}

/** As `figure`, with its sign. */
export function signedFigure(value: number | undefined, digits = 2): string {
  const text = figure(value, digits);
  return value !== undefined && value > 0 && text !== figure(0, digits) && text !== ABSENT ? `+${text}` : text;
}

/** `low … high`, or – without an interval. */
export function intervalText({ low, high }: Estimate, digits = 2): string {
  return low === undefined || high === undefined ? ABSENT : `${figure(low, digits)} … ${figure(high, digits)}`;
}

/** `mean ± standard error`. */
export function meanText({ mean, error }: MeanWithError, digits = 1): string {
  if (mean === undefined) return ABSENT;
  return error === undefined ? signedFigure(mean, digits) : `${signedFigure(mean, digits)} ± ${figure(error, digits)}`;
}

/** A probability 0..1; the ends are never shown as certain. */
export function probabilityText(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return ABSENT;
  if (value < 0.001) return '< 0.001';
  return value > 0.999 ? '> 0.999' : value.toFixed(3);
}

/** `2026-01-31 17:05` in UTC. */
export function minuteText(ts: number): string {
  return Number.isFinite(ts) ? new Date(ts).toISOString().slice(0, 16).replace('T', ' ') : ABSENT;
}

/** A length of time in its largest fitting unit. */
export function spanText(ms: number): string {
  if (ms < 120_000) return `${figure(ms / 1_000, 0)} s`;
  if (ms < 7_200_000) return `${figure(ms / 60_000, 1)} min`;
  return ms < 172_800_000 ? `${figure(ms / 3_600_000, 1)} h` : `${figure(ms / 86_400_000, 1)} days`;
}

/** `1 trade`, `2 trades`. */
export function counted(count: number, noun: string): string {
  return `${figure(count, 0)} ${noun}${count === 1 ? '' : 's'}`;
}
