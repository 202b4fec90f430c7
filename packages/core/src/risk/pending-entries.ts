import type { Account, AccountPosition } from '@helios/shared/domain/account.ts';
import type { OrderIntent } from '@helios/shared/domain/order.ts';
import { type MarginLimits, marginFigures, marginLevel } from './margin-ladder.ts';

/** An entry that was allowed and may still be filled. */
export interface PendingEntry {
  readonly intent: Pick<OrderIntent, 'symbol' | 'side' | 'quantity' | 'leverage'>;
  /** Expected fill price, quote currency. */
  readonly price: number;
}

/**
 * The account as it is if every pending entry fills: their value and margin count as if they were open. What the account shows of an
 * entry already is not counted twice.
 */
export function withPendingEntries(account: Account, pending: readonly PendingEntry[], limits: MarginLimits): Account {
  const rows = pending.flatMap((entry) => rowOf(entry, account) ?? []);
  if (rows.length === 0) return account;
  const margin = rows.reduce((sum, row) => sum + row.margin, 0);
  const available = Math.max(account.available_balance - margin, 0);
  const { freeMarginPct } = marginFigures({
    available: account.free_margin_pct === undefined ? undefined : available,
    marginBalance: account.margin_balance,
    maintenance: undefined,
  });
  const figures = { freeMarginPct, maintenanceRatioPct: account.maintenance_ratio_pct };
  return {
    ...account,
    available_balance: available,
    initial_margin: account.initial_margin + margin,
    ...(freeMarginPct !== undefined && { free_margin_pct: freeMarginPct }),
    margin_level: marginLevel(figures, limits),
    positions: [...account.positions, ...rows],
  };
}

/** The part of an entry that the account does not show as a position; `undefined` if it shows all of it. */
function rowOf({ intent, price }: PendingEntry, account: Account): AccountPosition | undefined {
  const { symbol, side, leverage = 1 } = intent;
  const shown = account.positions.find((row) => row.symbol === symbol && row.side === side)?.quantity ?? 0;
  const quantity = intent.quantity - shown;
  if (quantity <= intent.quantity * 1e-9) return undefined;
  return {
    symbol,
    side,
    quantity,
    entry_price: price,
    mark_price: price,
    mark_known: true,
    notional: quantity * price,
    unrealized_pnl: 0,
    margin_mode: account.positions[0]?.margin_mode ?? 'ISOLATED',
    leverage,
    margin: (quantity * price) / leverage,
    maintenance_margin: 0,
  };
}
