import type { OpenPosition } from '@helios/shared/domain/position.ts';
import type { ExitReason, TradingSignal } from '@helios/shared/domain/signal.ts';
import { exitId } from '../strategy/signal-ids.ts';
import { accountExit } from '../trading/account-exits.ts';

/** Why execution-manager, or the venue, closes a position without a signal of the strategy. */
export interface OwnExitTerms {
  readonly reason: ExitReason;
  /** Makes the id unique among the exits of the position; the same cause gives the same id after a restart. */
  readonly key: string;
  /** Price of the decision, quote currency. */
  readonly price: number;
  readonly why: string;
}

/** The exit signal that records a close which no signal asked for. */
export function ownExit(
  position: OpenPosition,
  { reason, key, price, why }: OwnExitTerms,
  nowMs: number,
): TradingSignal {
  const signal_id = `${exitId(position.signal_id, reason, 1)}-${key}`.slice(0, 120);
  return accountExit(position, { signal_id, exit_reason: reason, price, why }, nowMs);
}

/** True for the id of an exit that execution-manager made with an order. */
export function isOwnExitId(signalId: string): boolean {
  return /-[CDFLMX]\d+$/.test(signalId);
}
