import type { LedgerEvent } from '@helios/exchange-simulator/audit/venue-ledger.ts';
import type { Denial } from '@helios/shared/domain/decision.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { denialVerdict } from './denial-verdict.ts';
import { EQUAL_LEG, type LegRow, type LegVerdict, type RootDifference, unexplainedLeg } from './difference.ts';
import { legFigures } from './leg-figures.ts';
import { notFilledVerdict } from './not-filled.ts';
import { isStopped, stopEvent, stopVerdict } from './stop-verdict.ts';
import type { EntryFate, TradePair } from './trade-pairs.ts';
import type { VenueAnswers } from './venue-answers.ts';

/** An exit that rested in vain takes within this time, ms. */
const TAKES_WITHIN_MS = 500;

interface LegFacts {
  /** The exchange's own history. */
  readonly ledger: readonly LedgerEvent[];
  readonly answers: VenueAnswers;
  /** When both runs began last without positions, epoch ms. */
  readonly since: (ts: number) => number;
  /** How long an exit may rest before it takes, ms. */
  readonly exitRestMs: number;
}

/** Compares the legs of all pairs in their order, and finds the cause of each difference or calls it UNEXPLAINED. */
export function compareLegs(
  pairs: readonly TradePair[],
  facts: LegFacts,
): { readonly legs: readonly LegRow[]; readonly roots: readonly RootDifference[] } {
  const { since } = facts;
  const legs: LegRow[] = [];
  const roots: RootDifference[] = [];
  const add = (row: LegRow): void => {
    legs.push(row);
    const { id, ts, cause } = row;
    if (cause !== 'EQUAL' && cause !== 'UNEXPLAINED' && cause !== 'POSITION') roots.push({ id, ts, cause });
    roots.sort((a, b) => a.ts - b.ts);
  };
  for (const pair of pairs) {
    const rootBefore = (ts: number) => roots.findLast((root) => root.ts <= ts);
    const { signal } = pair;
    const { timestamp, signal_id: id } = signal;
    const entry = entryVerdict(pair, { ...facts, root: rootBefore(timestamp), flatTs: since(timestamp) });
    add({ ...legFigures(pair, 'ENTRY'), ...entry });
    const [ours, theirs] = [pair.live?.trade, pair.paper?.trade];
    if (ours === undefined || theirs === undefined) continue;
    const ts = Math.min(ours.exit_ts, theirs.exit_ts);
    const root = roots.findLast((earlier) => earlier.ts <= ts && earlier.ts >= since(ts));
    add({ ...legFigures(pair, 'EXIT'), ...exitVerdict(ours, theirs, { ...facts, root, signal }) });
    // The stop ends the live trade before the strategy sees the frame, which may enter in it; on paper the frame still finds the position.
    const cause = stopEvent(ours, facts);
    if (cause !== undefined) roots.push({ id, ts, cause });
  }
  return { legs, roots: roots.toSorted((a, b) => a.ts - b.ts) };
}

/** The last difference before an entry, and when both runs were last without positions, epoch ms. */
interface Before extends Omit<LegFacts, 'since'> {
  readonly root: RootDifference | undefined;
  readonly flatTs: number;
}

function entryVerdict({ signal, live, paper }: TradePair, before: Before): LegVerdict {
  if (live === undefined || paper === undefined) return unexplainedLeg('an entry has no final answer');
  const [ours, theirs] = [denialOf(live), denialOf(paper)];
  if (ours !== undefined || theirs !== undefined) return denialVerdict(ours, theirs, { ...before, signal });
  if (live.trade === undefined && paper.trade !== undefined) return notFilledVerdict(live, before);
  if (live.trade === undefined || paper.trade === undefined)
    return live.trade === paper.trade ? EQUAL_LEG : unexplainedLeg('the paper run filled nothing');
  const { quantity, entry_price, entry_ts, entry_leg } = live.trade;
  if (quantity !== paper.trade.quantity) {
    const detail = `${quantity} against ${paper.trade.quantity}`;
    const { root } = before;
    return root === undefined ? unexplainedLeg(detail) : { cause: 'SIZE', detail: `${detail}, after ${root.cause}` };
  }
  const isAtOnce = entry_leg !== undefined && entry_leg.sent_ts === entry_leg.decided_ts;
  const isSame = { price: entry_price === paper.trade.entry_price, time: entry_ts === paper.trade.entry_ts };
  return fillVerdict(isSame, isAtOnce);
}

/** An order of the same moment differs only by what the exchange did with it. */
function fillVerdict(isSame: { readonly price: boolean; readonly time: boolean }, isAtOnce: boolean): LegVerdict {
  if (isSame.price && isSame.time) return EQUAL_LEG;
  if (!isAtOnce) return unexplainedLeg('the order was sent later than decided');
  return isSame.time ? { cause: 'FILL_PRICE', detail: '' } : { cause: 'FILL_TIME', detail: 'it rested first' };
}

interface ExitFacts extends Omit<LegFacts, 'since'> {
  readonly root: RootDifference | undefined;
  /** The entry. */
  readonly signal: TradingSignal;
}

function exitVerdict(ours: ClosedTrade, theirs: ClosedTrade, facts: ExitFacts): LegVerdict {
  const { root, exitRestMs } = facts;
  const isSame = { price: ours.exit_price === theirs.exit_price, time: ours.exit_ts === theirs.exit_ts };
  if (ours.exit_reason === theirs.exit_reason && isSame.price && isSame.time) return EQUAL_LEG;
  if (isStopped(ours) || isStopped(theirs)) return stopVerdict(ours, theirs, facts);
  if (ours.exit_reason === theirs.exit_reason && isDecidedWith(ours, theirs))
    return fillVerdict(isSame, ours.exit_ts - theirs.exit_ts <= exitRestMs + TAKES_WITHIN_MS);
  const detail = `live: ${ours.exit_reason}, paper: ${theirs.exit_reason}`;
  return root === undefined
    ? unexplainedLeg(detail)
    : { cause: 'POSITION', detail: `${detail}, after ${root.cause} of ${root.id}` };
}

/** True if the live exit was decided in the moment in which the paper exit was filled: on paper an exit takes at once. */
function isDecidedWith({ exit_leg }: ClosedTrade, { exit_ts }: ClosedTrade): boolean {
  return exit_leg !== undefined && exit_leg.decided_ts === exit_ts && exit_leg.received_ts === exit_ts;
}

function denialOf({ answer }: EntryFate): Denial | undefined {
  return answer.answer === 'DENIED' ? answer.denial : undefined;
}
