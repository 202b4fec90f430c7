import { ageOf } from '@helios/shared/domain/age.ts';
import type { MarkPrice } from '@helios/shared/domain/market-data.ts';
import { parseDecimal } from '../price/parse-decimal.ts';
import { ratio } from './missing.ts';

/** The venue announces one every second. */
const MAX_AGE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Funding and basis from the newest mark price. */
export class MarkFeatures {
  #mark: MarkPrice | undefined;

  onMark(mark: MarkPrice): void {
    this.#mark = mark;
  }

  forget(): void {
    this.#mark = undefined;
  }

  /** Next funding rate in basis points, hours until then, and the basis in basis points; each NaN if it is not announced. */
  read(nowMs: number, mid: number): { readonly fundingBp: number; readonly hours: number; readonly basisBp: number } {
    const mark = this.#mark;
    const ageMs = mark && ageOf(mark.ts_event, nowMs);
    if (mark === undefined || ageMs === undefined || ageMs > MAX_AGE_MS)
      return { fundingBp: Number.NaN, hours: Number.NaN, basisBp: Number.NaN };
    const { funding_rate, next_funding_ts, index_price, mark_price } = mark;
    const against = index_price === undefined ? mid : parseDecimal(index_price);
    return {
      fundingBp: funding_rate === undefined ? Number.NaN : 10_000 * Number(funding_rate),
      hours: next_funding_ts === undefined ? Number.NaN : Math.max(0, next_funding_ts - nowMs) / HOUR_MS,
      basisBp: 10_000 * (ratio(parseDecimal(mark_price), against) - 1),
    };
  }
}
