import type { MarkPrice } from '@helios/shared/domain/market-data.ts';
import type { FundingTerms, OpenPosition } from '@helios/shared/domain/position.ts';
import { addMoney, roundMoney } from '../price/significant-digits.ts';

/** Refresh interval of the next funding stored with a position, ms. After a crash the stored rate is at most this old. */
const REFRESH_MS = 600_000;
/** Maximum time between two fundings of a symbol on the venue. */
const MAX_INTERVAL_MS = 28_800_000;

/** The next funding that a mark price announces; undefined if it carries no rate or time. */
export function termsOf({ funding_rate, next_funding_ts, mark_price, ts_event }: MarkPrice): FundingTerms | undefined {
  const mark = Number(mark_price);
  if (funding_rate === undefined || next_funding_ts === undefined || !(mark > 0)) return undefined;
  return { ts: next_funding_ts, rate: Number(funding_rate), mark_price: mark, as_of: ts_event };
}

/** The payment of a position at a funding, quote currency; negative if it receives. Longs pay when the rate is positive. */
function chargeOf({ side, quantity }: OpenPosition, { mark_price, rate }: FundingTerms): number {
  return roundMoney((side === 'LONG' ? 1 : -1) * quantity * mark_price * rate);
}

/**
 * The position at `nowMs`. If its next funding is due, the position is charged; then the next announced funding is stored with
 * it. Returns the same object if nothing changed. The charge uses the last rate and mark price announced before the funding.
 *
 * `announced`: newest last. After a downtime over a funding, the stored terms of the position decide the charge. The rates of
 * further fundings in that time are unknown; `funding_times_missed` counts their minimum number.
 */
export function fundedPosition(
  position: OpenPosition,
  announced: readonly FundingTerms[],
  nowMs: number,
): OpenPosition {
  const due = position.next_funding;
  const charged = due !== undefined && due.ts <= nowMs ? chargedAt(position, due, announced) : position;
  const coming = announced.at(-1);
  // A charged funding stays charged, even if the clock goes back behind it.
  if (coming === undefined || coming.ts <= Math.max(nowMs, charged.funding_ts ?? position.entry_ts)) return charged;
  return withNext(charged, coming);
}

/**
 * A new position with its first funding. The funding is stored with the position from the entry on: a crash cannot lose it, and
 * it is charged even if the entry is read only after the funding.
 */
export function expectFunding(position: OpenPosition, announced: readonly FundingTerms[]): OpenPosition {
  const first = announced.find(({ ts }) => ts > position.entry_ts);
  return first === undefined ? position : { ...position, next_funding: first };
}

function chargedAt(position: OpenPosition, due: FundingTerms, announced: readonly FundingTerms[]): OpenPosition {
  const terms = announced.find(({ ts, as_of }) => ts === due.ts && as_of >= due.as_of) ?? due;
  const { next_funding: _, ...rest } = position;
  return { ...rest, funding: addMoney(position.funding ?? 0, chargeOf(position, terms)), funding_ts: due.ts };
}

function withNext(position: OpenPosition, coming: FundingTerms): OpenPosition {
  const { next_funding: known, funding_ts: chargedTs } = position;
  if (known?.ts === coming.ts && coming.as_of - known.as_of < REFRESH_MS) return position;
  if (known !== undefined) return { ...position, next_funding: coming };
  const sinceMs = coming.ts - (chargedTs ?? position.entry_ts);
  const missed = Math.max(0, Math.ceil(sinceMs / MAX_INTERVAL_MS) - 1);
  const funding_times_missed = (position.funding_times_missed ?? 0) + missed;
  return { ...position, next_funding: coming, ...(funding_times_missed > 0 && { funding_times_missed }) };
}

/** The last fundings that mark prices announced: for each symbol the next one and the previous one. */
export class FundingBoard {
  readonly #announced = new Map<string, readonly FundingTerms[]>();

  onMark(mark: MarkPrice): void {
    const terms = termsOf(mark);
    if (terms === undefined) return;
    const known = this.announcedFor(mark.symbol);
    const newest = known.at(-1);
    // The venue may shorten an interval: an earlier funding counts, unless it is over.
    const isOver = terms.ts <= terms.as_of;
    if (newest !== undefined && (newest.as_of > terms.as_of || (newest.ts > terms.ts && isOver))) return;
    this.#announced.set(
      mark.symbol,
      newest?.ts === terms.ts ? [...known.slice(0, -1), terms] : [...known.slice(-1), terms],
    );
  }

  /** Newest last. */
  announcedFor(symbol: string): readonly FundingTerms[] {
    return this.#announced.get(symbol) ?? [];
  }
}
