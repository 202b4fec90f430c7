import type { LedgerEvent } from '@helios/exchange-simulator/audit/venue-ledger.ts';
import type { Denial } from '@helios/shared/domain/decision.ts';
import { EntryBlock } from '@helios/shared/domain/entry-block.ts';
import { sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import { openOnVenue } from './account-at.ts';
import { EQUAL_LEG, type LegVerdict, type RootDifference, unexplainedLeg } from './difference.ts';

/** Denials of live trading itself: what happened in the run, not what differed before, must explain them. */
const LIVE_DENIALS: readonly string[] = [...EntryBlock.options, 'ACCOUNT_STALE', 'TERMS_UNKNOWN'];
/** Rules about open positions: a difference before both runs were flat explains them no more. */
const POSITION_RULES: readonly string[] = [
  ...['MAX_OPEN_POSITIONS', 'SYMBOL_EXPOSURE', 'TOTAL_EXPOSURE', 'CLUSTER_EXPOSURE'],
];

/** What a denial is judged by. */
interface DenialFacts {
  readonly signal: TradingSignal;
  /** The last difference before the entry. */
  readonly root: RootDifference | undefined;
  /** When both runs were last without positions, epoch ms. */
  readonly flatTs: number;
  readonly ledger: readonly LedgerEvent[];
}

/** Why one run denied an entry, and the other did not or for another reason. */
export function denialVerdict(
  ours: Denial | undefined,
  theirs: Denial | undefined,
  { signal, root, flatTs, ledger }: DenialFacts,
): LegVerdict {
  if (ours?.code === theirs?.code) return EQUAL_LEG;
  const detail = `live: ${ours?.code ?? 'allowed'}, paper: ${theirs?.code ?? 'allowed'}`;
  const codes: readonly string[] = [ours?.code, theirs?.code].filter((code) => code !== undefined);
  const proof = ours && proofOf(ours, signal, ledger);
  if (proof !== undefined) return { cause: 'DENIED_DIFFERENTLY', detail: `${detail}: ${proof}` };
  const isOfLive = codes.some((code) => LIVE_DENIALS.includes(code));
  const isOfPositions = codes.every((code) => POSITION_RULES.includes(code));
  if (isOfLive) return unexplainedLeg(`${detail}, and the history of the exchange does not show why`);
  return root === undefined || (isOfPositions && root.ts < flatTs)
    ? unexplainedLeg(detail)
    : { cause: 'DENIED_DIFFERENTLY', detail: `${detail}, after ${root.cause} of ${root.id}` };
}

/** What the exchange's history shows as the reason of a live denial; undefined if it shows none. */
function proofOf({ code }: Denial, signal: TradingSignal, ledger: readonly LedgerEvent[]): string | undefined {
  if (code !== 'SYMBOL_BUSY' && code !== 'CLUSTER_EXPOSURE') return undefined;
  const { symbol, direction, timestamp } = signal;
  const { positions, ordered } = openOnVenue(ledger, timestamp);
  if (code === 'SYMBOL_BUSY') {
    if (positions.has(symbol)) return 'the exchange had a position on it';
    return ordered.has(symbol) ? 'the exchange had an order on it' : undefined;
  }
  // Without correlations live counts all symbols as one cluster; paper does not judge clusters.
  const isLong = sideOf(direction) === 'LONG';
  const others = [...positions].filter(([, quantity]) => quantity > 0 === isLong).map(([other]) => other);
  return others.length === 0 ? undefined : `the exchange had positions on the same side: ${others.join(', ')}`;
}
