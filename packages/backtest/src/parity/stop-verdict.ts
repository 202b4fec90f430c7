import type { LedgerEvent } from '@helios/exchange-simulator/audit/venue-ledger.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { ExitReason, TradingSignal } from '@helios/shared/domain/signal.ts';
import { type LegVerdict, unexplainedLeg } from './difference.ts';
import { firedBetween, firstStopPrice, hasTrigger, passedStopOf } from './stop-history.ts';
import type { VenueAnswers } from './venue-answers.ts';

const STOPS: readonly (ExitReason | undefined)[] = ['STOP_LOSS', 'TRAILING_STOP'];

/** What the exchange shows of stops, and the entry that decided the first one. */
interface StopFacts {
  readonly ledger: readonly LedgerEvent[];
  readonly answers: VenueAnswers;
  readonly signal: TradingSignal;
}

/** True if a stop ended the trade. */
export function isStopped({ exit_reason }: ClosedTrade): boolean {
  return STOPS.includes(exit_reason);
}

/** What the exchange did with the stop that ended a live trade; undefined if none did, or if nothing shows it. */
export function stopEvent(
  trade: ClosedTrade,
  { ledger, answers }: Omit<StopFacts, 'signal'>,
): 'STOP_AT_VENUE' | 'STOP_PASSED' | undefined {
  if (!isStopped(trade)) return undefined;
  if (passedStopOf(trade, ledger, answers) !== undefined) return 'STOP_PASSED';
  return hasTrigger(trade, ledger) ? 'STOP_AT_VENUE' : undefined;
}

/** Why a stop ended the trade in one run, and something else or another moment in the other. */
export function stopVerdict(ours: ClosedTrade, theirs: ClosedTrade, facts: StopFacts): LegVerdict {
  const detail = `live: ${ours.exit_reason}, paper: ${theirs.exit_reason}`;
  const { ledger, answers, signal } = facts;
  const passed = passedStopOf(ours, ledger, answers);
  const first = firstStopPrice(ledger, ours) ?? passed?.triggerPrice;
  if (first === undefined) return unexplainedLeg(`${detail}, but the exchange never had a stop of it`);
  // A stop that did not begin at the decided price explains nothing.
  if (signal.stop_loss !== undefined && first !== signal.stop_loss)
    return unexplainedLeg(`its first stop was to rest at ${first}, decided was ${signal.stop_loss}`);
  if (passed !== undefined && isStopped(ours)) return { cause: 'STOP_PASSED', detail: `${detail}: ${passed.proof}` };
  if (isStopped(ours) && hasTrigger(ours, ledger)) return { cause: 'STOP_AT_VENUE', detail };
  if (isStopped(ours)) return unexplainedLeg(`${detail}, but no stop fired on the exchange`);
  return firedBetween(ledger, ours.symbol, ours.entry_ts, ours.exit_ts)
    ? unexplainedLeg(`${detail}, although the stop fired`)
    : { cause: 'STOP_AT_VENUE', detail: `${detail}: the stop on the exchange did not fire` };
}
