import type { MarkPrice } from '@helios/shared/domain/market-data.ts';
import type { FundingTerms, OpenPosition } from '@helios/shared/domain/position.ts';
import { addMoney, roundMoney } from '../price/significant-digits.ts';

/** A position's record of the coming funding is brought up to date this often, so that a crash costs little of the rate's truth. */
const REFRESH_MS = 600_000;
/** The longest time between two fundings of a symbol on the venue. */
const MAX_INTERVAL_MS = 28_800_000;

/** The coming funding that a mark price announces; undefined where it names no rate or time. */
export function termsOf({ funding_rate, next_funding_ts, mark_price, ts_event }: MarkPrice): FundingTerms | undefined {
  const mark = Number(mark_price);
  if (funding_rate === undefined || next_funding_ts === undefined || !(mark > 0)) return undefined;
  return { ts: next_funding_ts, rate: Number(funding_rate), mark_price: mark, as_of: ts_event };
}

/** What a position pays at a funding, quote currency; negative where it receives. At a positive rate longs pay. */
function chargeOf({ side, quantity }: OpenPosition, { mark_price, rate }: FundingTerms): number {
  return roundMoney((side === 'LONG' ? 1 : -1) * quantity * mark_price * rate);
}

/**
 * The position at `nowMs`: charged where a funding that it was held at is over, and with the next one that is announced. The same
 * object where nothing changed. The charge is at the rate and mark price announced last before the funding.
 *
 * `announced`: newest last. A process that was down over a funding charges it by what the position has on record; of further ones
 * meanwhile nobody knows the rate: how many there were at least is counted in `funding_times_missed`.
 */
export function fundedPosition(
  position: OpenPosition,
  announced: readonly FundingTerms[],
  nowMs: number,
): OpenPosition {
  const due = position.next_funding;
  const charged = due !== undefined && due.ts <= nowMs ? chargedAt(position, due, announced) : position;
  const coming = announced.at(-1);
  // One that is charged stays charged, also where the clock goes back behind it.
  if (coming === undefined || coming.ts <= Math.max(nowMs, charged.funding_ts ?? position.entry_ts)) return charged;
  return withNext(charged, coming);
}

/**
 * A new position with the first funding that it is held at. It is on record from the entry on: a crash does not lose it, and it is
 * charged where the entry was read only after it.
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

/** The fundings that mark prices announced last: of each symbol the coming one and the one before. */
export class FundingBoard {
  readonly #announced = new Map<string, readonly FundingTerms[]>();

  onMark(mark: MarkPrice): void {
    const terms = termsOf(mark);
    if (terms === undefined) return;
    const known = this.announcedFor(mark.symbol);
    const newest = known.at(-1);
    if (newest !== undefined && (newest.ts > terms.ts || newest.as_of > terms.as_of)) return;
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
