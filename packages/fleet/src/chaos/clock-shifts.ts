import type { LedgerEvent } from '@helios/exchange-simulator/audit/venue-ledger.ts';

/** A step of the venue's clock: events up to `fromSeq` were stamped before it, those after `toSeq` with the new offset. */
export interface ClockShift {
  readonly fromSeq: number;
  readonly toSeq: number;
  /** True time of the step, epoch ms. */
  readonly atTs: number;
  /** How far the venue's clock was ahead before and after the step, ms. */
  readonly beforeMs: number;
  readonly offsetMs: number;
}

/** The events with the times that a right clock would have stamped. */
export function withoutShifts(ledger: readonly LedgerEvent[], shifts: readonly ClockShift[]): readonly LedgerEvent[] {
  return ledger.map((event) => {
    let offsetMs = 0;
    for (const shift of shifts) if (isAfter(event, shift)) ({ offsetMs } = shift);
    return offsetMs === 0 ? event : { ...event, ts: event.ts - offsetMs };
  });
}

/** During the step itself only the stamp tells: it is nearer to the old clock or to the new one. */
function isAfter({ seq, ts }: LedgerEvent, { fromSeq, toSeq, atTs, beforeMs, offsetMs }: ClockShift): boolean {
  if (seq <= fromSeq) return false;
  return seq > toSeq || Math.abs(ts - atTs - offsetMs) < Math.abs(ts - atTs - beforeMs);
}
