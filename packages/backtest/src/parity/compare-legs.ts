import type { LedgerEvent } from '@helios/exchange-simulator/audit/venue-ledger.ts';
import type { Denial } from '@helios/shared/domain/decision.ts';
import { EntryBlock } from '@helios/shared/domain/entry-block.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { ExitReason } from '@helios/shared/domain/signal.ts';
import type { Cause, LegRow, RootDifference } from './difference.ts';
import { legFigures } from './leg-figures.ts';
import type { EntryFate, TradePair } from './trade-pairs.ts';

/** Denials by what only a venue has: its brackets, its account, other positions, its conditions. */
const VENUE_DENIALS: readonly string[] = [
  ...EntryBlock.options,
  'ACCOUNT_STALE',
  'TERMS_UNKNOWN',
  'CLUSTER_EXPOSURE',
  'STOP_BEYOND_LIQUIDATION',
];
const STOPS: readonly (ExitReason | undefined)[] = ['STOP_LOSS', 'TRAILING_STOP'];
/** The exchange reports a triggered stop at most this long before its fill, ms. */
const TRIGGERED_WITHIN_MS = 1_000;

/** An exit that rested in vain takes within this time, ms. */
const TAKES_WITHIN_MS = 500;

interface Verdict {
  readonly cause: Cause;
  readonly detail: string;
}

interface LegFacts {
  /** The exchange's own history. */
  readonly ledger: readonly LedgerEvent[];
  /** When both runs began last without positions, epoch ms. */
  readonly since: (ts: number) => number;
  /** How long an exit may rest before it takes, ms. */
  readonly exitRestMs: number;
}

const EQUAL: Verdict = { cause: 'EQUAL', detail: '' };

/** Compares the legs of all pairs in their order, and finds the cause of each difference or calls it UNEXPLAINED. */
export function compareLegs(
  pairs: readonly TradePair[],
  { ledger, since, exitRestMs }: LegFacts,
): { readonly legs: readonly LegRow[]; readonly roots: readonly RootDifference[] } {
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
    const entry = entryVerdict(pair, rootBefore(pair.signal.timestamp));
    add({ ...legFigures(pair, 'ENTRY'), ...entry });
    const [ours, theirs] = [pair.live?.trade, pair.paper?.trade];
    if (ours === undefined || theirs === undefined) continue;
    const ts = Math.min(ours.exit_ts, theirs.exit_ts);
    const root = roots.findLast((earlier) => earlier.ts <= ts && earlier.ts >= since(ts));
    add({ ...legFigures(pair, 'EXIT'), ...exitVerdict(ours, theirs, { root, ledger, exitRestMs }) });
    // The exchange fires a stop before the strategy sees the frame, which may enter in it; on paper the frame still finds the position.
    if (STOPS.includes(ours.exit_reason) && hasTrigger(ours, ledger))
      roots.push({ id: pair.signal.signal_id, ts, cause: 'STOP_AT_VENUE' });
  }
  return { legs, roots: roots.toSorted((a, b) => a.ts - b.ts) };
}

function entryVerdict({ live, paper }: TradePair, root: RootDifference | undefined): Verdict {
  if (live === undefined || paper === undefined) return unexplained('an entry has no final answer');
  const [ours, theirs] = [denialOf(live), denialOf(paper)];
  if (ours !== undefined || theirs !== undefined) return denialVerdict(ours, theirs, root);
  if (live.trade === undefined && paper.trade !== undefined) return notFilled(live);
  if (live.trade === undefined || paper.trade === undefined)
    return live.trade === paper.trade ? EQUAL : unexplained('the paper run filled nothing');
  const { quantity, entry_price, entry_ts, entry_leg } = live.trade;
  if (quantity !== paper.trade.quantity) {
    const detail = `${quantity} against ${paper.trade.quantity}`;
    return root === undefined ? unexplained(detail) : { cause: 'SIZE', detail: `${detail}, after ${root.cause}` };
  }
  const isAtOnce = entry_leg !== undefined && entry_leg.sent_ts === entry_leg.decided_ts;
  const isSame = { price: entry_price === paper.trade.entry_price, time: entry_ts === paper.trade.entry_ts };
  return fillVerdict(isSame, isAtOnce);
}

function denialVerdict(
  ours: Denial | undefined,
  theirs: Denial | undefined,
  root: RootDifference | undefined,
): Verdict {
  if (ours?.code === theirs?.code) return EQUAL;
  const detail = `live: ${ours?.code ?? 'allowed'}, paper: ${theirs?.code ?? 'allowed'}`;
  const isOfVenue = [ours?.code, theirs?.code].some((code) => code !== undefined && VENUE_DENIALS.includes(code));
  if (isOfVenue) return { cause: 'DENIED_DIFFERENTLY', detail };
  return root === undefined
    ? unexplained(detail)
    : { cause: 'DENIED_DIFFERENTLY', detail: `${detail}, after ${root.cause} of ${root.id}` };
}

function notFilled({ answer }: EntryFate): Verdict {
  const detail = 'reason' in answer ? `${answer.answer}: ${answer.reason}` : answer.answer;
  return answer.answer === 'FILLED' ? unexplained('a filled entry has no trade') : { cause: 'NOT_FILLED', detail };
}

/** An order of the same moment differs only by what the exchange did with it. */
function fillVerdict(isSame: { readonly price: boolean; readonly time: boolean }, isAtOnce: boolean): Verdict {
  if (isSame.price && isSame.time) return EQUAL;
  if (!isAtOnce) return unexplained('the order was sent later than decided');
  return isSame.time ? { cause: 'FILL_PRICE', detail: '' } : { cause: 'FILL_TIME', detail: 'it rested first' };
}

interface ExitFacts extends Pick<LegFacts, 'ledger' | 'exitRestMs'> {
  readonly root: RootDifference | undefined;
}

function exitVerdict(ours: ClosedTrade, theirs: ClosedTrade, { root, ledger, exitRestMs }: ExitFacts): Verdict {
  const isSame = { price: ours.exit_price === theirs.exit_price, time: ours.exit_ts === theirs.exit_ts };
  const isStop = [ours, theirs].some(({ exit_reason }) => STOPS.includes(exit_reason));
  if (ours.exit_reason === theirs.exit_reason && isSame.price && isSame.time) return EQUAL;
  if (isStop) return stopVerdict(ours, theirs, ledger);
  if (ours.exit_reason === theirs.exit_reason && isDecidedWith(ours, theirs))
    return fillVerdict(isSame, ours.exit_ts - theirs.exit_ts <= exitRestMs + TAKES_WITHIN_MS);
  const detail = `live: ${ours.exit_reason}, paper: ${theirs.exit_reason}`;
  return root === undefined
    ? unexplained(detail)
    : { cause: 'POSITION', detail: `${detail}, after ${root.cause} of ${root.id}` };
}

/** True if the live exit was decided in the moment in which the paper exit was filled: on paper an exit takes at once. */
function isDecidedWith({ exit_leg }: ClosedTrade, { exit_ts }: ClosedTrade): boolean {
  return exit_leg !== undefined && exit_leg.decided_ts === exit_ts && exit_leg.received_ts === exit_ts;
}

/** A live stop counts only if the exchange's history has its trigger. */
function stopVerdict(ours: ClosedTrade, theirs: ClosedTrade, ledger: readonly LedgerEvent[]): Verdict {
  const detail = `live: ${ours.exit_reason}, paper: ${theirs.exit_reason}`;
  if (!STOPS.includes(ours.exit_reason)) {
    const hasFired = firedBetween(ledger, ours.symbol, ours.entry_ts, ours.exit_ts);
    return hasFired
      ? unexplained(`${detail}, although the stop fired`)
      : { cause: 'STOP_AT_VENUE', detail: `${detail}: the stop on the exchange did not fire` };
  }
  return hasTrigger(ours, ledger)
    ? { cause: 'STOP_AT_VENUE', detail }
    : unexplained(`${detail}, but no stop fired on the exchange`);
}

function hasTrigger({ symbol, exit_ts }: ClosedTrade, ledger: readonly LedgerEvent[]): boolean {
  return firedBetween(ledger, symbol, exit_ts - TRIGGERED_WITHIN_MS, exit_ts);
}

function firedBetween(ledger: readonly LedgerEvent[], symbol: string, fromTs: number, untilTs: number): boolean {
  return ledger.some(
    (event) =>
      event.kind === 'ALGO' &&
      event.order.symbol === symbol &&
      ['TRIGGERED', 'FINISHED'].includes(event.order.status) &&
      event.ts >= fromTs &&
      event.ts <= untilTs,
  );
}

function denialOf({ answer }: EntryFate): Denial | undefined {
  return answer.answer === 'DENIED' ? answer.denial : undefined;
}

function unexplained(detail: string): Verdict {
  return { cause: 'UNEXPLAINED', detail };
}
