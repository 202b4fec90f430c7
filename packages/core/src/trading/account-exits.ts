import type { OpenPosition } from '@helios/shared/domain/position.ts';
import type { ExitReason, TradingSignal } from '@helios/shared/domain/signal.ts';
import { decimalText } from '../price/decimal-text.ts';
import { sixDigits } from '../price/significant-digits.ts';
import type { MarginReduction } from '../risk/margin-reduction.ts';
import { exitId } from '../strategy/signal-ids.ts';
import type { Liquidation } from './paper-account.ts';

/** The exit that records a liquidation: the venue closed the position, no signal did. */
export function liquidationExit({ position, markPrice, price }: Liquidation, nowMs: number): TradingSignal {
  const prices = `the mark price ${decimalText(markPrice)} reached the liquidation price ${decimalText(price)}`;
  return accountExit(
    position,
    { signal_id: exitId(position.signal_id, 'LIQUIDATION', 1), exit_reason: 'LIQUIDATION', price, why: prices },
    nowMs,
  );
}

/** The exit that reduces a position while the margin is CRITICAL. Each has its own id, also after a restart. */
export function marginExit(position: OpenPosition, reduction: MarginReduction, nowMs: number): TradingSignal {
  const { rule, value, limit, quantity, position: row } = reduction;
  const attempt = 1 + (position.exit_fills?.length ?? 0);
  const figure = rule === 'FREE_MARGIN' ? 'free margin' : 'maintenance ratio';
  const part =
    quantity === position.quantity ? 'all of it' : `${decimalText(quantity)} of ${decimalText(position.quantity)}`;
  const why = `the margin is critical, ${figure} ${sixDigits(value)} % against a limit of ${limit} %; this closes ${part}`;
  return accountExit(
    position,
    {
      signal_id: exitId(position.signal_id, 'MARGIN_CRITICAL', attempt),
      exit_reason: 'MARGIN_CRITICAL',
      price: row.mark_price,
      why,
    },
    nowMs,
  );
}

/** An exit that the account demands or the venue made. */
interface ExitTerms {
  readonly signal_id: string;
  readonly exit_reason: ExitReason;
  readonly price: number;
  readonly why: string;
}

/** The exit signal that records a close which no signal asked for. */
export function accountExit(
  position: OpenPosition,
  { signal_id, exit_reason, price, why }: ExitTerms,
  nowMs: number,
): TradingSignal {
  const { run, symbol, side, regime } = position;
  return {
    signal_id,
    run,
    symbol,
    direction: side === 'LONG' ? 'EXIT_LONG' : 'EXIT_SHORT',
    timestamp: nowMs,
    ts_init: nowMs,
    confidence: 1,
    nobi_value: 0,
    entry_price: price,
    reason: `${exit_reason} of ${position.signal_id}: ${why}`,
    exit_reason,
    ...(regime && { regime }),
    model: 'none',
    origin: 'ENGINE',
  };
}
