import { addQuantity } from '../price/significant-digits.ts';
import { signOf } from '../strategy/side-sign.ts';
import { adoptFills } from './adoption.ts';
import type { LiveContext } from './live-context.ts';
import { exitKeyOf, roleOf } from './live-order-id.ts';
import { missingFills } from './missing-fills.ts';
import { type OwnShare, ownShareOf, partOf } from './own-share.ts';
import { ownStopOf, type PositionDiffers } from './reconcile.ts';
import { signedQuantityOf } from './signed-quantity.ts';
import type { VenueExits } from './venue-exits.ts';
import type { AccountSnapshot, VenueNews, VenueTrade } from './venue-port.ts';

/** Pause after a failed reading; it doubles up to the maximum. */
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;
/** A reading without an answer is repeated after this. */
const LOST_AFTER_MS = 10_000;

type TradesNews = Extract<VenueNews, { kind: 'TRADES' }>;

interface Reading {
  readonly finding: PositionDiffers;
  askedMs: number;
  nextMs: number;
  failures: number;
  isRead: boolean;
}

interface Parts {
  readonly context: LiveContext;
  readonly exits: VenueExits;
  /** The venue closed a position by force. */
  readonly onForced: (symbol: string) => void;
}

/** Finds out by the venue's own trades who made a position that differs from ours, and books what is ours. */
export class PositionOrigins {
  readonly #parts: Parts;
  readonly #readings = new Map<string, Reading>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** True if the trades behind this difference were read; else they are asked for. */
  isRead(finding: PositionDiffers, nowMs: number): boolean {
    const known = this.#readings.get(finding.symbol);
    if (known && known.finding.ours === finding.ours && known.finding.venues === finding.venues) return known.isRead;
    const reading: Reading = { finding, askedMs: nowMs, nextMs: nowMs, failures: 0, isRead: false };
    this.#readings.set(finding.symbol, reading);
    this.#ask(reading, nowMs);
    return false;
  }

  /** True if the trades of the last difference of a symbol were read. */
  wasRead(symbol: string): boolean {
    return this.#readings.get(symbol)?.isRead === true;
  }

  /** When the trades of a symbol were asked for; undefined if nothing waits for them. */
  askedMs(symbol: string): number | undefined {
    const reading = this.#readings.get(symbol);
    return reading?.isRead === false ? reading.askedMs : undefined;
  }

  /** Failed readings one after another. */
  failures(symbol: string): number {
    return this.#readings.get(symbol)?.failures ?? 0;
  }

  forget(symbol: string): void {
    this.#readings.delete(symbol);
    this.#parts.context.alarms.clear(`origin ${symbol}`);
  }

  /** Forgets the symbols that differ no more. */
  keep(symbols: ReadonlySet<string>): void {
    for (const symbol of this.#readings.keys()) if (!symbols.has(symbol)) this.forget(symbol);
  }

  onFailed(symbol: string, nowMs: number): void {
    const reading = this.#readings.get(symbol);
    if (reading === undefined || reading.isRead) return;
    reading.nextMs = nowMs + Math.min(FIRST_PAUSE_MS * 2 ** reading.failures, MAX_PAUSE_MS);
    reading.failures += 1;
  }

  onTimer(nowMs: number): void {
    for (const reading of this.#readings.values())
      if (!reading.isRead && nowMs >= reading.nextMs) this.#ask(reading, nowMs);
  }

  /** Books what the trades say of ours; true if our positions changed. */
  onTrades(news: TradesNews, snapshot: AccountSnapshot, nowMs: number): boolean {
    const { symbol, trades, isComplete, signedQuantity } = news;
    const reading = this.#readings.get(symbol);
    if (reading) reading.isRead = true;
    const { context } = this.#parts;
    const isClosed = this.#bookExits(news, nowMs);
    if (!isComplete) {
      const rest = addQuantity(signedQuantity, -signedQuantityOf(context, symbol));
      const text = `${symbol}: the venue's trades do not show who opened ${rest} of it; it counts as somebody else's`;
      if (rest !== 0) context.alarms.raise(`origin ${symbol}`, text);
      return isClosed;
    }
    return this.#bookEntries(symbol, ownShareOf(trades, context.tag), snapshot, nowMs) || isClosed;
  }

  #ask(reading: Reading, nowMs: number): void {
    const { positions, outbox } = this.#parts.context;
    const { symbol } = reading.finding;
    reading.askedMs = nowMs;
    reading.nextMs = nowMs + LOST_AFTER_MS;
    const opened = positions.of(symbol).map(({ entry_ts }) => entry_ts);
    const since = opened.length > 0 ? { sinceTs: Math.min(...opened) } : {};
    outbox.send({ kind: 'READ_TRADES', symbol, ...since });
  }

  /** Takes over what our orders opened and no position of ours has. */
  #bookEntries(symbol: string, share: OwnShare, snapshot: AccountSnapshot, nowMs: number): boolean {
    const { context, exits } = this.#parts;
    const held = context.positions.of(symbol);
    const ours = signedQuantityOf(context, symbol);
    const gained = addQuantity(Math.abs(share.ours), -Math.abs(ours));
    if (gained <= 0 || share.ours * ours < 0) return false;
    const missing = missingFills(share, held);
    if (missing === undefined) {
      const text = `${symbol}: ${gained} more of it is ours than our records have, and no trades explain it; it has no stop of ours`;
      context.alarms.raise(`origin ${symbol}`, text);
      return false;
    }
    const { entries, exits: closed } = missing;
    const stopPrice = ownStopOf(symbol, share.ours, snapshot, context.tag)?.triggerPrice;
    const side = share.ours > 0 ? 'LONG' : 'SHORT';
    const id = adoptFills(context, side, { symbol, entries, stopPrice }, nowMs);
    for (const fill of closed) {
      const open = context.positions.of(symbol);
      const position = open.find(({ signal_id }) => signal_id === id) ?? open[0];
      if (position)
        exits.apply({ position, ...termsOf(fill.client_order_id, false), fill, isBookedBefore: true }, nowMs);
    }
    return true;
  }

  /** Closes as much of ours as the venue has less, by the trades that did it. Orders of ours and of the venue come before those of others. */
  #bookExits({ symbol, trades, signedQuantity }: TradesNews, nowMs: number): boolean {
    const { context, exits, onForced } = this.#parts;
    const held = context.positions.of(symbol);
    const [first] = held;
    if (first === undefined) return false;
    const sign = signOf(first.side);
    const openedTs = Math.min(...held.map(({ entry_ts }) => entry_ts));
    const ours = Math.abs(signedQuantityOf(context, symbol));
    let rest = addQuantity(ours, -Math.max(signedQuantity * sign, 0));
    const known = new Set(held.flatMap(({ exit_fills = [] }) => exit_fills.map(({ trade_id }) => trade_id)));
    const closing = trades.filter(
      ({ action, fill }) =>
        action === (sign > 0 ? 'SELL' : 'BUY') && fill.ts_event >= openedTs && !known.has(fill.trade_id),
    );
    const isOwn = ({ fill, isForced }: VenueTrade) => isForced || roleOf(fill.client_order_id) !== undefined;
    let changed = false;
    for (const { fill, isForced } of closing.toSorted((a, b) => Number(isOwn(b)) - Number(isOwn(a)))) {
      const [position] = context.positions.of(symbol);
      if (position === undefined || rest <= 0) break;
      const part = partOf(fill, rest);
      if (!exits.apply({ position, ...termsOf(fill.client_order_id, isForced), fill: part }, nowMs)) continue;
      rest = addQuantity(rest, -part.quantity);
      changed = true;
      if (isForced) onForced(symbol);
    }
    return changed;
  }
}

function termsOf(clientOrderId: string, isForced: boolean) {
  const role = roleOf(clientOrderId);
  const reason = isForced ? 'LIQUIDATION' : role === 's' ? 'STOP_LOSS' : 'OPERATOR';
  const why = `order ${clientOrderId} closed it, as the trades of the venue show`;
  return { reason, key: exitKeyOf(clientOrderId), why } as const;
}
