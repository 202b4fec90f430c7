import type { AccountFlow } from '@helios/shared/domain/account-flow.ts';
import type { Execution, ExecutionFill } from '@helios/shared/domain/execution.ts';
import { isExit, sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import { signal, T0 } from './simulated-orders.ts';

/** Makes the answers that execution-manager sends to one signal. */
export function answersTo(one: TradingSignal) {
  const common = (last: string, ts: number) => ({
    execution_id: `${one.signal_id}#${last}`,
    run: one.run,
    signal_id: one.signal_id,
    client_order_id: `he-${one.signal_id}`,
    symbol: one.symbol,
    side: sideOf(one.direction),
    purpose: isExit(one.direction) ? ('EXIT' as const) : ('ENTRY' as const),
    ts_event: ts,
    ts_init: ts + 7,
    times: { received_ts: T0 + 1, sent_ts: T0 + 2, acknowledged_ts: T0 + 5, venue_ts: ts },
  });
  return {
    open: (price: number, quantity: number): Execution => ({
      ...common('OPEN', T0),
      answer: 'OPEN',
      order: { price, quantity, expires_ts: T0 + 30_000 },
    }),
    part: (fill: ExecutionFill, ts = T0): Execution => ({
      ...common(fill.trade_id, ts),
      answer: 'PARTIALLY_FILLED',
      fill,
    }),
    filled: (fill: ExecutionFill, ts = T0): Execution => ({ ...common('END', ts), answer: 'FILLED', fill }),
    cancelled: (reason = 'the venue cancelled it', ts = T0): Execution => ({
      ...common('END', ts),
      answer: 'CANCELLED',
      reason,
    }),
    denied: (code: 'MAX_OPEN_POSITIONS' | 'NO_POSITION'): Execution => ({
      ...common('END', T0),
      answer: 'DENIED',
      denial: { code, value: 3, limit: 3 },
    }),
  };
}

/** A taker fill. */
export const aFill = (trade_id: string, price: number, quantity: number, fee: number): ExecutionFill => ({
  trade_id,
  price,
  quantity,
  fee,
  liquidity: 'TAKER',
  slippage: 0,
});

/** A line of the venue's income. */
export const aFlow = (kind: string, amount: string, fields: Partial<AccountFlow> = {}): AccountFlow => ({
  run: signal('LONG', 1).run,
  flow_id: `${kind}-${fields.trade_id ?? fields.ts_event ?? amount}`,
  kind,
  symbol: 'BTCUSDT',
  asset: 'USDT',
  amount,
  ts_event: T0,
  ...fields,
});
