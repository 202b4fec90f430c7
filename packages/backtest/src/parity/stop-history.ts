import { isOwnExitId } from '@helios/core/live/own-exit.ts';
import type { LedgerEvent } from '@helios/exchange-simulator/audit/venue-ledger.ts';
import type { LegRecord } from '@helios/shared/domain/leg-record.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import { isPassedStop, type VenueAnswers } from './venue-answers.ts';

/** The exchange reports a triggered stop at most this long before its fill, ms. */
const TRIGGERED_WITHIN_MS = 1_000;

/** True if a stop fired as the trade ended. */
export function hasTrigger({ symbol, exit_ts }: ClosedTrade, ledger: readonly LedgerEvent[]): boolean {
  return firedBetween(ledger, symbol, exit_ts - TRIGGERED_WITHIN_MS, exit_ts);
}

/** True if a stop of the symbol fired between two times, epoch ms, both inclusive. */
export function firedBetween(ledger: readonly LedgerEvent[], symbol: string, fromTs: number, untilTs: number): boolean {
  return ledger.some(
    (event) =>
      event.kind === 'ALGO' &&
      event.order.symbol === symbol &&
      ['TRIGGERED', 'FINISHED'].includes(event.order.status) &&
      event.ts >= fromTs &&
      event.ts <= untilTs,
  );
}

/** A stop whose price the market had passed before it rested. */
interface PassedStop {
  readonly triggerPrice: number;
  /** What the exchange answered. */
  readonly proof: string;
}

/**
 * The passed stop that made live trading close the trade at the market: the exchange refused it for that, or the mark price that the
 * exchange had answered was beyond it before it rested. Live trading's own exit must be of that moment. Undefined if there is none.
 */
export function passedStopOf(
  trade: ClosedTrade,
  ledger: readonly LedgerEvent[],
  answers: VenueAnswers,
): PassedStop | undefined {
  const { exit_signal_id, exit_leg } = trade;
  if (!isOwnExitId(exit_signal_id) || exit_leg === undefined) return undefined;
  return refusedStop(trade, exit_leg, answers) ?? stopBehindMark(trade, exit_leg, { ledger, answers });
}

function refusedStop(trade: ClosedTrade, { decided_ts }: LegRecord, { refused }: VenueAnswers): PassedStop | undefined {
  const { symbol, entry_ts } = trade;
  const side = closingAction(trade);
  for (const one of refused) {
    if (!isPassedStop(one) || one.symbol !== symbol || one.side !== side) continue;
    const { ts, triggerPrice, code } = one;
    if (ts !== decided_ts || ts < entry_ts || triggerPrice === undefined) continue;
    return { triggerPrice, proof: `the exchange refused the stop at ${triggerPrice}, code ${code}` };
  }
  return undefined;
}

/** Live trading closes at the mark price that it read last, so that is the price of its decision. */
function stopBehindMark(
  trade: ClosedTrade,
  { decided_ts, decision_price }: LegRecord,
  { ledger, answers: { marks } }: { readonly ledger: readonly LedgerEvent[]; readonly answers: VenueAnswers },
): PassedStop | undefined {
  const { symbol, side } = trade;
  const read = marks.findLast((mark) => mark.symbol === symbol && mark.ts <= decided_ts);
  const stop = firstStop(ledger, trade);
  if (read === undefined || stop === undefined || read.price !== decision_price || stop.ts < decided_ts)
    return undefined;
  const { triggerPrice } = stop;
  const isBeyond = side === 'LONG' ? read.price <= triggerPrice : read.price >= triggerPrice;
  if (!isBeyond) return undefined;
  return { triggerPrice, proof: `the exchange's mark price ${read.price} was beyond the stop at ${triggerPrice}` };
}

/** Trigger price of the first stop that rested for a trade; undefined if none did. */
export function firstStopPrice(ledger: readonly LedgerEvent[], trade: ClosedTrade): number | undefined {
  return firstStop(ledger, trade)?.triggerPrice;
}

function firstStop(ledger: readonly LedgerEvent[], trade: ClosedTrade) {
  const { symbol, entry_ts, exit_ts } = trade;
  const closes = closingAction(trade);
  for (const event of ledger) {
    if (event.kind !== 'ALGO' || event.ts < entry_ts || event.ts > exit_ts) continue;
    const { order, ts } = event;
    if (order.symbol === symbol && order.side === closes && order.status === 'NEW')
      return { ts, triggerPrice: Number(order.trigger_price) };
  }
  return undefined;
}

function closingAction({ side }: ClosedTrade): 'BUY' | 'SELL' {
  return side === 'LONG' ? 'SELL' : 'BUY';
}
