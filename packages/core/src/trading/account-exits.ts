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
  return accountExit(position, { exit_reason: 'LIQUIDATION', attempt: 1, price, why: prices }, nowMs);
}

/** The exit that reduces a position while the margin is CRITICAL. Each has its own id, also after a restart. */
export function marginExit(position: OpenPosition, reduction: MarginReduction, nowMs: number): TradingSignal {
  const { rule, value, limit, quantity, position: row } = reduction;
  const attempt = 1 + (position.exit_fills?.length ?? 0);
  const figure = rule === 'FREE_MARGIN' ? 'free margin' : 'maintenance ratio';
  const part =
    quantity === position.quantity ? 'all of it' : `${decimalText(quantity)} of ${decimalText(position.quantity)}`;
  const why = `the margin is critical, ${figure} ${sixDigits(value)} % against a limit of ${limit} %; this closes ${part}`;
  return accountExit(position, { exit_reason: 'MARGIN_CRITICAL', attempt, price: row.mark_price, why }, nowMs);
}

interface ExitTerms {
  readonly exit_reason: ExitReason;
  readonly attempt: number;
  readonly price: number;
  readonly why: string;
}

function accountExit(position: OpenPosition, { exit_reason, attempt, price, why }: ExitTerms, nowMs: number) {
  const { run, symbol, side, signal_id, regime } = position;
  const exit: TradingSignal = {
    signal_id: exitId(signal_id, exit_reason, attempt),
    run,
    symbol,
    direction: side === 'LONG' ? 'EXIT_LONG' : 'EXIT_SHORT',
    timestamp: nowMs,
    ts_init: nowMs,
    confidence: 1,
    nobi_value: 0,
    entry_price: price,
    reason: `${exit_reason} of ${signal_id}: ${why}`,
    exit_reason,
    ...(regime && { regime }),
    model: 'none',
    origin: 'ENGINE',
  };
  return exit;
}
