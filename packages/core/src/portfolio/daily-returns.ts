import { addMoney } from '../price/significant-digits.ts';

const DAY_MS = 86_400_000;
/** The market never closes. */
export const DAYS_A_YEAR = 365;
/** Minimum number of days for a ratio: two small wins would give a Sharpe ratio of hundreds. */
export const MIN_DAYS = 10;

/** Annualised ratios of mean to spread; absent if undefined. */
export interface ReturnRatios {
  readonly sharpe: number | undefined;
  readonly sortino: number | undefined;
}

/** Returns of days, in any order; idle days have a return of zero. */
interface DailySample {
  readonly active: readonly number[];
  readonly idleDays: number;
}

/**
 * Sharpe (1994) = mean excess return / sample standard deviation × √365. Sortino = the same mean / downside deviation (root of
 * the mean square of the excess returns below zero, over all days) × √365. Both need ten days and a spread above zero.
 */
export function returnRatios({ active, idleDays }: DailySample, riskFreeDaily: number): ReturnRatios {
  const n = active.length + idleDays;
  if (n < MIN_DAYS) return { sharpe: undefined, sortino: undefined };
  const excess = active.map((r) => r - riskFreeDaily);
  const idle = -riskFreeDaily;
  const mean = (sum(excess) + idle * idleDays) / n;
  const squares = sum(excess.map((r) => (r - mean) ** 2)) + (idle - mean) ** 2 * idleDays;
  const downside = sum(excess.map((r) => Math.min(0, r) ** 2)) + Math.min(0, idle) ** 2 * idleDays;
  return {
    sharpe: annualised(mean, Math.sqrt(squares / (n - 1))),
    sortino: annualised(mean, Math.sqrt(downside / n)),
  };
}

/**
 * Daily returns of an equity path in UTC days, from the day of the first trade through today; idle days count as zeros. A day's
 * return is its realised PnL divided by the equity at the start of the day. If a day starts with zero or negative equity, its
 * return is undefined: series and ratios are absent from then on.
 */
export class DailyReturns {
  readonly #riskFreeDaily: number;
  readonly #closed: { readonly day: number; readonly value: number }[] = [];
  #ruined = false;
  #day: number | undefined;
  #dayStart = 0;
  #dayEnd = 0;

  constructor(riskFreeRatePct: number) {
    this.#riskFreeDaily = riskFreeRatePct / 100 / DAYS_A_YEAR;
  }

  /** PnL realised so far on the day of `nowMs`, and the equity at the start of that day; undefined before any trade. */
  today(nowMs: number): { readonly pnl: number; readonly startEquity: number } | undefined {
    if (this.#day === undefined) return undefined;
    const isOver = Math.floor(nowMs / DAY_MS) > this.#day;
    const startEquity = isOver ? this.#dayEnd : this.#dayStart;
    return { pnl: addMoney(this.#dayEnd, -startEquity), startEquity };
  }

  /** Records that equity went from `before` to `after` at `ts`. A time before the previous one counts for the last day. */
  add(before: number, after: number, ts: number): void {
    const day = Math.floor(ts / DAY_MS);
    if (this.#day === undefined || day > this.#day) this.#begin(day, before);
    this.#dayEnd = after;
  }

  /** Sharpe and Sortino through the day of `nowMs`; that day counts with its PnL so far. */
  ratios(nowMs: number): ReturnRatios {
    const days = this.#days();
    const first = days[0]?.day;
    if (first === undefined) return { sharpe: undefined, sortino: undefined };
    const active = days.map(({ value }) => value);
    return returnRatios({ active, idleDays: this.#lastDay(nowMs) - first + 1 - active.length }, this.#riskFreeDaily);
  }

  /** The return of each day through the day of `nowMs`, oldest first; empty before any trade, and if a return is undefined. */
  series(nowMs: number): number[] {
    const days = this.#days();
    const first = days[0]?.day;
    if (first === undefined) return [];
    const series = new Array<number>(this.#lastDay(nowMs) - first + 1).fill(0);
    for (const { day, value } of days) series[day - first] = value;
    return series;
  }

  /** Days with a trade, oldest first; none if a return is undefined. */
  #days() {
    if (this.#day === undefined || this.#ruined) return [];
    return [...this.#closed, { day: this.#day, value: this.#return() }];
  }

  #lastDay(nowMs: number): number {
    return Math.max(this.#day ?? 0, Math.floor(nowMs / DAY_MS));
  }

  #begin(day: number, equity: number): void {
    if (this.#day !== undefined) this.#closed.push({ day: this.#day, value: this.#return() });
    if (equity <= 0) this.#ruined = true;
    this.#day = day;
    this.#dayStart = equity;
  }

  #return(): number {
    return (this.#dayEnd - this.#dayStart) / this.#dayStart;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A spread below 1e-12 is rounding, not risk. */
function annualised(mean: number, spread: number): number | undefined {
  return spread < 1e-12 ? undefined : (mean / spread) * Math.sqrt(DAYS_A_YEAR);
}
