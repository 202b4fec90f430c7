import type { OpenPosition } from '@helios/shared/domain/position.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import type { PositionBook } from '../portfolio/position-book.ts';
import { marginExit } from './account-exits.ts';
import type { PaperAccount } from './paper-account.ts';
import type { SimulatorEffect } from './simulator-port.ts';

/** Maximum reductions per market event, far above the normal number: each should suffice, a thin book may need one or two more. */
const MAX_REDUCTIONS = 50;

interface Reducer {
  /** Step of a symbol's quantities; `undefined` if the instrument is unknown. */
  readonly stepOf: (symbol: string) => string | undefined;
  /** Closes this quantity of a position at the market. */
  readonly leave: (exit: TradingSignal, position: OpenPosition, quantity: number) => readonly SimulatorEffect[];
}

/** While the margin is CRITICAL, reduces the worst position, then the next, until the margin is above its warning limit. */
export function reduceWhileCritical(
  account: PaperAccount,
  positions: PositionBook,
  { stepOf, leave }: Reducer,
  nowMs: number,
): SimulatorEffect[] {
  if (account.of(positions.all(), nowMs).margin_level !== 'CRITICAL') return [];
  const effects: SimulatorEffect[] = [];
  for (let left = MAX_REDUCTIONS; left > 0; left -= 1) {
    const reduction = account.nextReduction(account.of(positions.all(), nowMs), stepOf);
    const position = reduction && positions.find(reduction.position.symbol, reduction.position.side);
    if (reduction === undefined || position === undefined) break;
    effects.push(...leave(marginExit(position, reduction, nowMs), position, reduction.quantity));
  }
  return effects;
}
