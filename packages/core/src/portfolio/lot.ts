import type { ClosedTrade, OpenPosition, PositionFill } from '@helios/shared/domain/position.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Fill } from '@helios/shared/domain/venue-event.ts';
import { addMoney, addQuantity, roundMoney } from '../price/significant-digits.ts';

/** One position from its first fill to its last. Its figures depend only on the set of fills, not on their order. */
export interface Lot {
  /** Current state; `quantity` is the quantity still open. */
  position: OpenPosition;
  readonly entries: PositionFill[];
  readonly exits: PositionFill[];
  /** True if the entry can get no more fills: once flat, the trade is complete. */
  isEntryOver: boolean;
  /** The exit signal of the last fill. */
  exit: TradingSignal | undefined;
}

/** Combined fills of one leg. Price: average weighted by quantity; money: sums. */
interface Leg {
  readonly quantity: number;
  readonly price: number;
  readonly fee: number;
  readonly slippage: number;
  readonly firstTs: number;
  readonly lastTs: number;
}

export function toPositionFill({ trade_id, price, quantity, fee, slippage, ts_event }: Fill): PositionFill {
  return { trade_id, price, quantity, fee, slippage, ts: ts_event };
}

/** The position with its fills combined. Paid and expected funding stay unchanged. */
export function positionOf(lot: Lot): OpenPosition {
  const { position, entries, exits } = lot;
  const entry = legOf(entries);
  const left = exits.length === 0 ? entry.quantity : addQuantity(entry.quantity, -legOf(exits).quantity);
  // The venue may report a fill again after a restart, so a live position keeps the id of every fill.
  const hasHistory = !position.simulated || entries.length > 1 || exits.length > 0;
  const { leverage } = position;
  return {
    ...position,
    quantity: left,
    entry_price: entry.price,
    entry_ts: entry.firstTs,
    entry_fee: roundMoney(entry.fee),
    entry_slippage: entry.slippage,
    ...(leverage !== undefined && left > 0 && { margin: roundMoney((left * entry.price) / leverage) }),
    ...(hasHistory && { entry_fills: [...entries], exit_fills: [...exits] }),
  };
}

/**
 * The round trip of a flat lot: gross = (exit − entry) × quantity, sign by side; fees = both legs; realised = gross − fees −
 * funding. Quote currency.
 */
export function tradeOf({ position, entries, exits }: Lot, exit: TradingSignal): ClosedTrade {
  const bought = legOf(entries);
  const left = legOf(exits);
  const rise = addMoney(left.price, -bought.price);
  const gross = roundMoney((position.side === 'LONG' ? rise : -rise) * bought.quantity);
  const fees = addMoney(position.entry_fee, left.fee);
  const { funding = 0, funding_times_missed } = position;
  return {
    run: position.run,
    entry_signal_id: position.signal_id,
    exit_signal_id: exit.signal_id,
    symbol: position.symbol,
    side: position.side,
    quantity: bought.quantity,
    entry_price: bought.price,
    exit_price: left.price,
    entry_ts: position.entry_ts,
    exit_ts: left.lastTs,
    exit_reason: exit.exit_reason,
    gross_pnl: gross,
    fees,
    slippage: addMoney(bought.slippage, left.slippage),
    funding,
    ...(funding_times_missed !== undefined && { funding_times_missed }),
    realized_pnl: addMoney(addMoney(gross, -fees), -funding),
    origin: position.origin ?? 'ENGINE',
    simulated: position.simulated,
  };
}

/** Restores a lot from a stored position. A position that was filled in one trade stores no separate fills. */
export function restoredLot(position: OpenPosition): Omit<Lot, 'isEntryOver'> {
  const { signal_id, entry_price, quantity, entry_fee, entry_slippage = 0, entry_ts } = position;
  const whole = { price: entry_price, quantity, fee: entry_fee, slippage: entry_slippage, ts: entry_ts };
  const entries = position.entry_fills ?? [{ trade_id: signal_id, ...whole }];
  return { position, entries: [...entries], exits: [...(position.exit_fills ?? [])], exit: undefined };
}

function legOf(fills: readonly PositionFill[]): Leg {
  const [only] = fills;
  if (only !== undefined && fills.length === 1) return { ...only, firstTs: only.ts, lastTs: only.ts };
  // The order of addition changes a sum of doubles, so the fills are always sorted first.
  const sorted = [...fills].sort((a, b) => (a.trade_id < b.trade_id ? -1 : 1));
  const sum = (of: (fill: PositionFill) => number) => sorted.reduce((total, fill) => addMoney(total, of(fill)), 0);
  const quantity = sorted.reduce((total, fill) => addQuantity(total, fill.quantity), 0);
  return {
    quantity,
    price: quantity === 0 ? 0 : roundMoney(sum((fill) => fill.price * fill.quantity) / quantity),
    fee: sum((fill) => fill.fee),
    slippage: sum((fill) => fill.slippage),
    firstTs: Math.min(...fills.map(({ ts }) => ts)),
    lastTs: Math.max(...fills.map(({ ts }) => ts)),
  };
}
