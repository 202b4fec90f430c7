import type { AccountFlow } from '@helios/shared/domain/account-flow.ts';
import type { LegRecord } from '@helios/shared/domain/leg-record.ts';
import type { ClosedTrade, OpenPosition, PositionFill } from '@helios/shared/domain/position.ts';
import { sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import { type Lot, positionOf, tradeOf } from '../portfolio/lot.ts';
import { addQuantity } from '../price/significant-digits.ts';
import { fundingPaid, isAssumed, lotMoney, TIMED_KINDS } from './lot-money.ts';

/**
 * One live position from its first fill until its money is final, as the ledger stores it. Its quantity may be 0 or negative for a
 * moment: the venue may report an exit before the entry.
 */
export interface LiveLot {
  /** Signal of the first entry fill. */
  readonly position_id: string;
  /** Fields that fills do not change. */
  readonly opened: OpenPosition;
  readonly entries: readonly PositionFill[];
  readonly exits: readonly PositionFill[];
  /** The exit signal of the last fill. */
  readonly exit?: TradingSignal;
  readonly entry_leg?: LegRecord;
  readonly exit_leg?: LegRecord;
  /** True once its trade is recorded. */
  readonly is_closed: boolean;
}

/** The venue books funding and clearance at most this long after the position was closed by them. */
const CLEARED_WITHIN_MS = 1_000;
/** The venue charges funding at whole hours, for the positions of that moment. */
const HOUR_MS = 3_600_000;

/** Finds the venue's flows of a position. */
export type FlowsOf = (lot: LiveLot) => readonly AccountFlow[];

/** A position that `entry` opens; it has no fills yet. */
export function newLot(entry: TradingSignal, run: string, tsEvent: number, leverage: number | undefined): LiveLot {
  const opened: OpenPosition = {
    run,
    symbol: entry.symbol,
    side: sideOf(entry.direction),
    // Replaced by the fills.
    quantity: 1,
    entry_price: entry.entry_price,
    entry_ts: tsEvent,
    entry_fee: 0,
    signal_id: entry.signal_id,
    stop_loss: entry.stop_loss,
    take_profit: entry.take_profit,
    regime: entry.regime,
    horizon_min: entry.horizon_min,
    origin: entry.origin,
    ...(leverage !== undefined && { leverage }),
    simulated: false,
  };
  return { position_id: entry.signal_id, opened, entries: [], exits: [], is_closed: false };
}

/** First and last time of a position, epoch ms of the venue; an open one has no last time. */
export function lotTimes({ opened, entries, exits, is_closed }: LiveLot): {
  firstTs: number;
  lastTs: number | undefined;
} {
  const times = [...entries, ...exits].map(({ ts }) => ts);
  return { firstTs: Math.min(opened.entry_ts, ...times), lastTs: is_closed ? Math.max(...times) : undefined };
}

/** True if a flow of the venue belongs to the position: by the trade it names, else by its time. */
export function isFlowOf(lot: LiveLot, { kind, symbol, trade_id, ts_event }: AccountFlow): boolean {
  if (symbol !== lot.opened.symbol) return false;
  const fills = [...lot.entries, ...lot.exits];
  if (!TIMED_KINDS.includes(kind) && fills.some((fill) => fill.trade_id === trade_id)) return true;
  // A fill that execution-manager assumed has no trade of the venue: trades that nobody knows explain it.
  if (!TIMED_KINDS.includes(kind) && !fills.some(isAssumed)) return false;
  const { firstTs, lastTs } = lotTimes(lot);
  if (ts_event < firstTs) return false;
  if (lastTs === undefined || ts_event <= lastTs) return true;
  // A position that was closed just before the hour pays nothing: the funding is that of the next one.
  const isHeldAtHour = kind !== 'FUNDING_FEE' || lastTs >= Math.floor(ts_event / HOUR_MS) * HOUR_MS;
  return isHeldAtHour && ts_event <= lastTs + CLEARED_WITHIN_MS;
}

/** Quantity still open, base currency. */
export function lotQuantity({ entries, exits }: Pick<LiveLot, 'entries' | 'exits'>): number {
  const sum = (fills: readonly PositionFill[]) => fills.reduce((total, fill) => addQuantity(total, fill.quantity), 0);
  return addQuantity(sum(entries), -sum(exits));
}

/** The open position of a lot; undefined while nothing is open. */
export function livePositionOf(lot: LiveLot, flows: readonly AccountFlow[]): OpenPosition | undefined {
  if (lot.is_closed || !(lotQuantity(lot) > 0)) return undefined;
  const charged = flows.filter(({ kind }) => kind === 'FUNDING_FEE');
  const position = positionOf(asLot(lot, lot.opened));
  if (charged.length === 0) return position;
  const funding_ts = Math.max(...charged.map(({ ts_event }) => ts_event));
  return { ...position, funding: fundingPaid(position.symbol, charged), funding_ts };
}

/** The round trip of a flat lot with the venue's money; undefined without an exit. */
export function liveTradeOf(lot: LiveLot, flows: readonly AccountFlow[]): ClosedTrade | undefined {
  const { opened, entries, exits, exit, entry_leg, exit_leg } = lot;
  if (exit === undefined || entries.length === 0) return undefined;
  const { symbol, side } = opened;
  const whole = tradeOf(asLot(lot, positionOf(asLot(lot, opened))), exit);
  const money = lotMoney({ symbol, side, entries, exits }, flows);
  return { ...whole, ...money, ...(entry_leg && { entry_leg }), ...(exit_leg && { exit_leg }) };
}

function asLot({ entries, exits, exit }: LiveLot, position: OpenPosition): Lot {
  return { position, entries: [...entries], exits: [...exits], isEntryOver: true, exit };
}
