import type { MarkPrice } from '@helios/shared/domain/market-data.ts';
import type { ClosedTrade, OpenPosition } from '@helios/shared/domain/position.ts';
import { type MarketRegime, type Side, sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Fill } from '@helios/shared/domain/venue-event.ts';
import { roundMoney } from '../price/significant-digits.ts';
import { expectFunding, FundingBoard, fundedPosition } from './funding.ts';
import { type Lot, positionOf, restoredLot, toPositionFill, tradeOf } from './lot.ts';

/**
 * Effect of a fill. NO_POSITION: the position is not stored. CLOSED: the position is flat; `exit` is the signal of its last exit
 * fill.
 */
export type AppliedFill =
  | { readonly kind: 'REPEATED' | 'NO_POSITION' | 'CHANGED' }
  | { readonly kind: 'CLOSED'; readonly trade: ClosedTrade; readonly exit: TradingSignal };

const NONE: readonly string[] = [];

const slotOf = (symbol: string, side: Side) => `${symbol}:${side}`;

/** What the positions of a live account keep of the settings of their entry. */
export interface LiveTerms {
  /** Distance of the stop of an entry in this regime, ATRs. */
  stopAtrs(regime: MarketRegime | undefined): number;
}

/**
 * The open positions of an account and their funding. The signal id of the entry identifies a position. Fills may arrive twice
 * and in any order.
 */
export class PositionBook {
  readonly #run: string;
  readonly #leverage: number | undefined;
  readonly #live: LiveTerms | undefined;
  /** Positions by symbol and side, oldest first; a new position may be added before the old one is dropped. */
  readonly #slots = new Map<string, Lot[]>();
  readonly #fundings = new FundingBoard();
  readonly #funded = new Set<string>();
  /**
   * No funding is due between these two times, epoch ms; this saves a check per book. A fill, a position or a mark price ends it.
   */
  #fundedFrom = Number.POSITIVE_INFINITY;
  #fundedUntil = Number.NEGATIVE_INFINITY;

  /**
   * @param leverage leverage of new positions; undefined if the account keeps no margin
   * @param live undefined for a simulated account
   */
  constructor(run: string, leverage?: number, live?: LiveTerms) {
    this.#run = run;
    this.#leverage = leverage;
    this.#live = live;
  }

  /** The newest open position on a symbol and side. */
  find(symbol: string, side: Side): OpenPosition | undefined {
    return this.#slots.get(slotOf(symbol, side))?.findLast(({ position }) => position.quantity > 0)?.position;
  }

  /** Restores a stored position; `isEntryOver` is false if its entry order still rests. */
  restore(position: OpenPosition, isEntryOver: boolean): void {
    this.#add({ ...restoredLot(position), isEntryOver });
  }

  /** Removes a position without a trade. */
  drop({ symbol, side, signal_id }: OpenPosition): void {
    const slot = slotOf(symbol, side);
    const left = (this.#slots.get(slot) ?? []).filter(({ position }) => position.signal_id !== signal_id);
    if (left.length > 0) this.#slots.set(slot, left);
    else this.#slots.delete(slot);
  }

  /** Adds a fill of the order that executes `entry`. */
  applyEntry(entry: TradingSignal, fill: Fill): AppliedFill {
    const known = this.#lot(entry, entry.signal_id);
    if (known?.entries.some(({ trade_id }) => trade_id === fill.trade_id)) return { kind: 'REPEATED' };
    const lot = known ?? this.#open(entry, fill);
    lot.entries.push(toPositionFill(fill));
    lot.position = positionOf(lot);
    this.#lookForFunding();
    return { kind: 'CHANGED' };
  }

  /** Adds a fill of the order that executes `exit` on the position that `positionId` opened. */
  applyExit(positionId: string, exit: TradingSignal, fill: Fill): AppliedFill {
    const lot = this.#lot(exit, positionId);
    if (lot === undefined) return { kind: 'NO_POSITION' };
    if (lot.exits.some(({ trade_id }) => trade_id === fill.trade_id)) return { kind: 'REPEATED' };
    lot.exits.push(toPositionFill(fill));
    lot.exit = exit;
    lot.position = positionOf(lot);
    this.#lookForFunding();
    return this.#closed(lot);
  }

  /** Marks that `entry` can get no more fills. */
  endEntry(entry: TradingSignal): AppliedFill {
    const lot = this.#lot(entry, entry.signal_id);
    if (lot === undefined) return { kind: 'NO_POSITION' };
    lot.isEntryOver = true;
    return this.#closed(lot);
  }

  /** All open positions. */
  all(): OpenPosition[] {
    const positions: OpenPosition[] = [];
    for (const lots of this.#slots.values())
      for (const { position } of lots) if (position.quantity > 0) positions.push(position);
    return positions;
  }

  of(symbol: string): OpenPosition[] {
    return this.all().filter((position) => position.symbol === symbol);
  }

  /** Symbols of all positions, one item per position. */
  symbols(): string[] {
    return this.all().map(({ symbol }) => symbol);
  }

  onMark(mark: MarkPrice): void {
    this.#fundings.onMark(mark);
    this.#lookForFunding();
  }

  /** Time of the first funding of an open position, epoch ms; infinite if none is expected. */
  nextFunding(): number {
    const times = this.all().map(({ next_funding }) => next_funding?.ts ?? Number.POSITIVE_INFINITY);
    return Math.min(Number.POSITIVE_INFINITY, ...times);
  }

  /** Until this time `fund` changes nothing, unless a fill, a position or a mark price comes; epoch ms. */
  get fundedUntil(): number {
    return this.#fundedUntil;
  }

  /** Charges all fundings that are due at `nowMs`. */
  fund(nowMs: number): void {
    if (nowMs >= this.#fundedFrom && nowMs < this.#fundedUntil) return;
    let until = Number.POSITIVE_INFINITY;
    for (const lots of this.#slots.values()) {
      for (const lot of lots) {
        this.#fundLot(lot, nowMs);
        until = Math.min(until, lot.position.next_funding?.ts ?? until);
      }
    }
    this.#fundedFrom = nowMs;
    this.#fundedUntil = until;
  }

  /** Symbols whose positions were charged since the last call. */
  takeFunded(): readonly string[] {
    if (this.#funded.size === 0) return NONE;
    const symbols = [...this.#funded];
    this.#funded.clear();
    return symbols;
  }

  #lookForFunding(): void {
    this.#fundedUntil = Number.NEGATIVE_INFINITY;
  }

  #fundLot(lot: Lot, nowMs: number): void {
    const { position } = lot;
    const funded = fundedPosition(position, this.#fundings.announcedFor(position.symbol), nowMs);
    if (funded === position) return;
    lot.position = funded;
    this.#funded.add(position.symbol);
  }

  #lot({ symbol, direction }: TradingSignal, positionId: string): Lot | undefined {
    const lots = this.#slots.get(slotOf(symbol, sideOf(direction)));
    return lots?.find(({ position }) => position.signal_id === positionId);
  }

  #add(lot: Lot): void {
    const slot = slotOf(lot.position.symbol, lot.position.side);
    const lots = this.#slots.get(slot);
    if (lots) lots.push(lot);
    else this.#slots.set(slot, [lot]);
    this.#lookForFunding();
  }

  #open(entry: TradingSignal, { price, quantity, ts_event, fee, slippage }: Fill): Lot {
    const position: OpenPosition = {
      run: this.#run,
      symbol: entry.symbol,
      side: sideOf(entry.direction),
      quantity,
      entry_price: price,
      entry_ts: ts_event,
      entry_fee: roundMoney(fee),
      entry_slippage: slippage,
      signal_id: entry.signal_id,
      stop_loss: entry.stop_loss,
      take_profit: entry.take_profit,
      regime: entry.regime,
      horizon_min: entry.horizon_min,
      origin: entry.origin,
      ...(this.#leverage !== undefined && { leverage: this.#leverage }),
      ...(this.#live && { stop_atrs: this.#live.stopAtrs(entry.regime) }),
      simulated: this.#live === undefined,
    };
    const funded = expectFunding(position, this.#fundings.announcedFor(position.symbol));
    const lot: Lot = { position: funded, entries: [], exits: [], isEntryOver: false, exit: undefined };
    this.#add(lot);
    return lot;
  }

  #closed(lot: Lot): AppliedFill {
    const { position, exit, isEntryOver } = lot;
    if (exit === undefined || position.quantity > 0 || !isEntryOver) return { kind: 'CHANGED' };
    this.drop(position);
    return { kind: 'CLOSED', trade: tradeOf(lot, exit), exit };
  }
}
