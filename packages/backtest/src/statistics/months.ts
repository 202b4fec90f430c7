import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { EquityPoint } from './equity-curve.ts';
import { lastDayTs } from './performance-estimates.ts';

/** One UTC month of a result. */
export interface MonthResult {
  /** `2026-01`. */
  readonly month: string;
  readonly trades: number;
  /** Net, quote currency. */
  readonly pnl: number;
  /** Percent of the equity at the start of the month; absent where that is zero or less. */
  readonly returnPct?: number;
  /** The same of buy-and-hold; absent without prices. */
  readonly holdPct?: number;
}

const monthOf = (ts: number) => new Date(ts).toISOString().slice(0, 7);

/** Every month from the first event to the last; months without trades count. A trade belongs to the month of its exit. */
export function monthsOf(
  trades: readonly ClosedTrade[],
  equity: readonly EquityPoint[],
  hold: readonly EquityPoint[] = [],
): MonthResult[] {
  const first = equity[0];
  const last = equity.at(-1);
  if (first === undefined || last === undefined) return [];
  const byMonth = Map.groupBy(trades, ({ exit_ts }) => monthOf(exit_ts));
  const months: MonthResult[] = [];
  let start = first.equity;
  let [holdStart, at] = [hold[0]?.equity, 0];
  const names = monthNames(first.ts, Math.max(lastDayTs(last.ts), trades.at(-1)?.exit_ts ?? 0));
  for (const month of names) {
    const closed = byMonth.get(month) ?? [];
    const pnl = closed.reduce((sum, { realized_pnl }) => sum + realized_pnl, 0);
    let holdEnd = holdStart;
    // A price at the midnight that ends the data belongs to the month before.
    const isIn = ({ ts }: EquityPoint) => month === names.at(-1) || monthOf(ts) <= month;
    for (let point = hold[at]; point !== undefined && isIn(point); point = hold[at]) {
      holdEnd = point.equity;
      at += 1;
    }
    months.push({
      ...{ month, trades: closed.length, pnl },
      ...(start > 0 && { returnPct: (100 * pnl) / start }),
      ...(holdStart !== undefined && holdEnd !== undefined && { holdPct: 100 * (holdEnd / holdStart - 1) }),
    });
    start += pnl;
    holdStart = holdEnd;
  }
  return months;
}

function monthNames(firstTs: number, lastTs: number): string[] {
  const names: string[] = [];
  const first = new Date(firstTs);
  for (let index = 0; ; index += 1) {
    const start = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + index);
    if (start > lastTs) return names;
    names.push(monthOf(start));
  }
}
