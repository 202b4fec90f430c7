import type { LedgerEvent } from '@helios/exchange-simulator/audit/venue-ledger.ts';
import type { Denial } from '@helios/shared/domain/decision.ts';
import { EntryBlock } from '@helios/shared/domain/entry-block.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { ExitReason, TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Cause, LegRow, RootDifference } from './difference.ts';
import { legFigures } from './leg-figures.ts';
import { firedBetween, firstStopPrice, hasTrigger } from './stop-history.ts';
import type { EntryFate, TradePair } from './trade-pairs.ts';

/**
 * Denials by what only a venue has: its brackets, its account, other positions, its conditions. What only another hand or a broken
 * process causes is not among them: the run has neither.
 */
const VENUE_DENIALS: readonly string[] = [
  ...EntryBlock.extract(['TRADING_STATE', 'RECONCILING', 'EXIT_STUCK']).options,
  ...EntryBlock.extract(['FORCED_CLOSE', 'SYMBOL_FROZEN', 'SYMBOL_BUSY']).options,
  'ACCOUNT_STALE',
  'TERMS_UNKNOWN',
  'CLUSTER_EXPOSURE',
  'STOP_BEYOND_LIQUIDATION',
];
/** Rules about open positions: a difference before both runs were flat explains them no more. */
const POSITION_RULES: readonly string[] = ['MAX_OPEN_POSITIONS', 'SYMBOL_EXPOSURE', 'TOTAL_EXPOSURE'];
const STOPS: readonly (ExitReason | undefined)[] = ['STOP_LOSS', 'TRAILING_STOP'];
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
    const { timestamp } = pair.signal;
    const entry = entryVerdict(pair, { root: rootBefore(timestamp), flatTs: since(timestamp) });
    add({ ...legFigures(pair, 'ENTRY'), ...entry });
    const [ours, theirs] = [pair.live?.trade, pair.paper?.trade];
    if (ours === undefined || theirs === undefined) continue;
    const ts = Math.min(ours.exit_ts, theirs.exit_ts);
    const root = roots.findLast((earlier) => earlier.ts <= ts && earlier.ts >= since(ts));
    add({
      ...legFigures(pair, 'EXIT'),
      ...exitVerdict(ours, theirs, { root, ledger, exitRestMs, signal: pair.signal }),
    });
    // The exchange fires a stop before the strategy sees the frame, which may enter in it; on paper the frame still finds the position.
    if (STOPS.includes(ours.exit_reason) && hasTrigger(ours, ledger))
      roots.push({ id: pair.signal.signal_id, ts, cause: 'STOP_AT_VENUE' });
  }
  return { legs, roots: roots.toSorted((a, b) => a.ts - b.ts) };
}

/** The last difference before an entry, and when both runs were last without positions, epoch ms. */
interface Before {
  readonly root: RootDifference | undefined;
  readonly flatTs: number;
}

function entryVerdict({ live, paper }: TradePair, before: Before): Verdict {
  if (live === undefined || paper === undefined) return unexplained('an entry has no final answer');
  const [ours, theirs] = [denialOf(live), denialOf(paper)];
  if (ours !== undefined || theirs !== undefined) return denialVerdict(ours, theirs, before);
  if (live.trade === undefined && paper.trade !== undefined) return notFilled(live);
  if (live.trade === undefined || paper.trade === undefined)
    return live.trade === paper.trade ? EQUAL : unexplained('the paper run filled nothing');
  const { quantity, entry_price, entry_ts, entry_leg } = live.trade;
  if (quantity !== paper.trade.quantity) {
    const detail = `${quantity} against ${paper.trade.quantity}`;
    const { root } = before;
    return root === undefined ? unexplained(detail) : { cause: 'SIZE', detail: `${detail}, after ${root.cause}` };
  }
  const isAtOnce = entry_leg !== undefined && entry_leg.sent_ts === entry_leg.decided_ts;
  const isSame = { price: entry_price === paper.trade.entry_price, time: entry_ts === paper.trade.entry_ts };
  return fillVerdict(isSame, isAtOnce);
}

function denialVerdict(ours: Denial | undefined, theirs: Denial | undefined, { root, flatTs }: Before): Verdict {
  if (ours?.code === theirs?.code) return EQUAL;
  const detail = `live: ${ours?.code ?? 'allowed'}, paper: ${theirs?.code ?? 'allowed'}`;
  const codes = [ours?.code, theirs?.code].filter((code) => code !== undefined);
  if (codes.some((code) => VENUE_DENIALS.includes(code))) return { cause: 'DENIED_DIFFERENTLY', detail };
  const isOfPositions = codes.every((code) => POSITION_RULES.includes(code));
  return root === undefined || (isOfPositions && root.ts < flatTs)
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
  /** The entry. */
  readonly signal: TradingSignal;
}

function exitVerdict(ours: ClosedTrade, theirs: ClosedTrade, facts: ExitFacts): Verdict {
  const { root, ledger, exitRestMs, signal } = facts;
  const isSame = { price: ours.exit_price === theirs.exit_price, time: ours.exit_ts === theirs.exit_ts };
  const isStop = [ours, theirs].some(({ exit_reason }) => STOPS.includes(exit_reason));
  if (ours.exit_reason === theirs.exit_reason && isSame.price && isSame.time) return EQUAL;
  if (isStop) return misplaced(ours, signal, ledger) ?? stopVerdict(ours, theirs, ledger);
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

/** A stop that did not begin at the decided price explains nothing. */
function misplaced(ours: ClosedTrade, { stop_loss }: TradingSignal, ledger: readonly LedgerEvent[]) {
  const first = firstStopPrice(ledger, ours);
  if (first === undefined || stop_loss === undefined || first === stop_loss) return undefined;
  return unexplained(`its first stop rested at ${first}, decided was ${stop_loss}`);
}

function denialOf({ answer }: EntryFate): Denial | undefined {
  return answer.answer === 'DENIED' ? answer.denial : undefined;
}

function unexplained(detail: string): Verdict {
  return { cause: 'UNEXPLAINED', detail };
}
