import type { ContractGrid } from '@helios/core/matching/contract-grid.ts';
import { moneyText } from '@helios/core/matching/money.ts';
import type { TradingEvent } from '../trading/trading-event.ts';

type MarginCallEvent = Extract<TradingEvent, { kind: 'MARGIN_CALL' }>;

/** `MARGIN_CALL`, with the documented fields. `cw` comes only if crossed positions are meant. */
export function marginCall(
  { ts, crossWallet, positions }: MarginCallEvent,
  gridOf: (symbol: string) => ContractGrid | undefined,
): Record<string, unknown> {
  const rows = positions.flatMap(({ position, isIsolated, markPrice, unrealised, maintenance }) => {
    const grid = gridOf(position.symbol);
    if (grid === undefined) return [];
    const row = {
      s: position.symbol,
      ps: position.side,
      pa: grid.quantityText(position.holding.steps),
      mt: isIsolated ? 'ISOLATED' : 'CROSSED',
      iw: position.isolatedWallet === 0n ? '0' : moneyText(position.isolatedWallet),
      mp: markPrice,
      up: moneyText(unrealised),
      mm: moneyText(maintenance),
    };
    return [row];
  });
  return { e: 'MARGIN_CALL', E: ts, ...(crossWallet === undefined ? {} : { cw: moneyText(crossWallet) }), p: rows };
}
