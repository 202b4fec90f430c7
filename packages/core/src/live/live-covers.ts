import type { OpenPosition, StopCover } from '@helios/shared/domain/position.ts';
import { gridOfTick, isOnGrid, priceBeside } from '../price/price-grid.ts';
import { addQuantity } from '../price/significant-digits.ts';
import { signOf } from '../strategy/side-sign.ts';
import type { CloseDemand } from './cover/close-demand.ts';
import { PositionCover } from './cover/position-cover.ts';
import type { LiveContext } from './live-context.ts';
import { liveOrderId, ownerOf } from './live-order-id.ts';
import type { AccountSnapshot, VenueNews } from './venue-port.ts';

/** A position is closed if it is without a resting stop for longer while the venue answers. */
const COVER_DEADLINE_MS = 2_000;
/** Stops remembered per run, so that late fills find their position. */
const MAX_STOPS = 5_000;

/** A stop that we placed, or found. */
export interface KnownStop {
  readonly symbol: string;
  /** Entry signals of the positions that it protects. */
  readonly positionIds: readonly string[];
  readonly triggerPrice: number;
}

/** The stops of all positions: one `PositionCover` per symbol. */
export class LiveCovers {
  readonly #context: LiveContext;
  readonly #covers = new Map<string, PositionCover>();
  readonly #stops = new Map<string, KnownStop>();
  readonly #stopPrices = new Map<string, number>();
  readonly #isUnexplained: (symbol: string) => boolean;
  #hasSnapshot = false;

  /** @param isUnexplained true while the venue shows a position of unknown origin: it may be ours, so its stops stay */
  constructor(context: LiveContext, isUnexplained: (symbol: string) => boolean) {
    this.#context = context;
    this.#isUnexplained = isUnexplained;
  }

  /** The trigger price that a position needs now: its trailing stop, else its stop, else the widest one that settings allow. */
  stopPriceOf(position: OpenPosition): number {
    return this.#stopPrices.get(position.signal_id) ?? position.stop_loss ?? this.#widestStop(position);
  }

  /** Moves the stop of a position. */
  moveStop(position: OpenPosition, stopPrice: number, nowMs: number): void {
    this.#stopPrices.set(position.signal_id, stopPrice);
    this.refresh(position.symbol, nowMs);
  }

  /** Adapts the stop to the position of the symbol. Before the first snapshot we do not know what rests. */
  refresh(symbol: string, nowMs: number): void {
    if (!this.#hasSnapshot) return;
    const positions = this.#context.positions.of(symbol);
    const position = positions[0];
    if (position === undefined && (!this.#covers.has(symbol) || this.#isUnexplained(symbol))) return;
    if (position === undefined) this.#forgetPrices();
    const cover = this.#coverOf(symbol);
    cover.want(
      position && {
        side: position.side,
        quantity: heldOn(position, positions),
        stopPrice: this.#onTick(position, this.stopPriceOf(position)),
      },
      nowMs,
    );
    this.#flush(symbol, cover);
  }

  onNews(news: VenueNews, nowMs: number): void {
    for (const [symbol, cover] of this.#covers) {
      cover.onNews(news, nowMs);
      this.#flush(symbol, cover);
    }
  }

  onSnapshot({ stops, tsAsked }: Pick<AccountSnapshot, 'stops' | 'tsAsked'>, nowMs: number): void {
    if (!this.#hasSnapshot) for (const symbol of this.#context.positions.symbols()) this.#coverOf(symbol);
    this.#hasSnapshot = true;
    for (const stop of stops) {
      if (!this.isOurs(stop.clientAlgoId)) continue;
      this.#coverOf(stop.symbol);
      this.#note(stop.symbol, stop);
    }
    for (const cover of this.#covers.values()) cover.onSnapshot(stops, tsAsked, nowMs);
  }

  /** Adapts the stops of all symbols. Call it once the positions of a snapshot are compared. */
  refreshAll(nowMs: number): void {
    for (const symbol of [...this.#covers.keys()]) this.refresh(symbol, nowMs);
  }

  onPrice(symbol: string, mark: number, nowMs: number): void {
    const cover = this.#covers.get(symbol);
    if (cover === undefined) return;
    cover.onPrice(mark, nowMs);
    this.#flush(symbol, cover);
  }

  onTimer(nowMs: number): void {
    for (const [symbol, cover] of this.#covers) {
      cover.onTimer(nowMs);
      this.#flush(symbol, cover);
    }
  }

  /** Symbols whose position must be closed at the market now. */
  demands(): { readonly symbol: string; readonly demand: CloseDemand }[] {
    return [...this.#covers].flatMap(([symbol, cover]) => {
      const demand = cover.closeDemand();
      return demand ? [{ symbol, demand }] : [];
    });
  }

  state(symbol: string): StopCover | undefined {
    return this.#covers.get(symbol)?.state();
  }

  /** Longest time that an open position has been without cover, ms. */
  uncoveredMs(nowMs: number): number {
    const since = [...this.#covers.values()].map((cover) => cover.state()?.bare_since_ts ?? nowMs);
    return since.reduce((longest, ts) => Math.max(longest, nowMs - ts), 0);
  }

  isOurs(clientAlgoId: string): boolean {
    return ownerOf(clientAlgoId, this.#context.tag) === 'OURS';
  }

  /** The stop with this id; undefined if this process neither placed nor found it. */
  stop(clientAlgoId: string): KnownStop | undefined {
    return this.#stops.get(clientAlgoId);
  }

  /** Ids of the last stops of a position, newest last. */
  stopIdsOf(positionId: string): string[] {
    return [...this.#stops].flatMap(([id, stop]) => (stop.positionIds.includes(positionId) ? [id] : [])).slice(-3);
  }

  #coverOf(symbol: string): PositionCover {
    const known = this.#covers.get(symbol);
    if (known) return known;
    const { instruments } = this.#context;
    const cover = new PositionCover({
      symbol,
      deadlineMs: COVER_DEADLINE_MS,
      stopIdOf: (attempt) => this.#stopId(symbol, attempt),
      isOurs: (id) => this.isOurs(id),
      grid: () => {
        const instrument = instruments.get(symbol);
        return instrument && gridOfTick(instrument.tick_size);
      },
    });
    this.#covers.set(symbol, cover);
    return cover;
  }

  /** Forgets the moved stops of positions that are closed. */
  #forgetPrices(): void {
    const open = new Set(this.#context.positions.all().map(({ signal_id }) => signal_id));
    for (const id of this.#stopPrices.keys()) if (!open.has(id)) this.#stopPrices.delete(id);
  }

  /** Ids contain the start of the process: an earlier process may have used the same attempt. */
  #stopId(symbol: string, attempt: number): string {
    const { positions, startedTs, tag } = this.#context;
    const positionId = positions.of(symbol)[0]?.signal_id ?? symbol;
    return liveOrderId(`${positionId}@${startedTs}`, 'STOP', attempt, tag);
  }

  #flush(symbol: string, cover: PositionCover): void {
    for (const command of cover.takeCommands()) {
      if (command.kind === 'PLACE_STOP') this.#note(symbol, command.stop);
      this.#context.outbox.send(command);
      this.#context.outbox.change(symbol);
    }
  }

  #note(
    symbol: string,
    { clientAlgoId, triggerPrice }: { readonly clientAlgoId: string; readonly triggerPrice: number },
  ) {
    const positionIds = this.#context.positions.of(symbol).map(({ signal_id }) => signal_id);
    if (!this.#stops.has(clientAlgoId)) this.#stops.set(clientAlgoId, { symbol, positionIds, triggerPrice });
    const oldest = this.#stops.keys().next().value;
    if (this.#stops.size > MAX_STOPS && oldest !== undefined) this.#stops.delete(oldest);
  }

  /** The venue refuses a price between two ticks: of a signal made by hand, or after the tick has grown. */
  #onTick({ symbol, entry_price }: OpenPosition, stopPrice: number): number {
    const instrument = this.#context.instruments.get(symbol);
    if (instrument === undefined) return stopPrice;
    const grid = gridOfTick(instrument.tick_size);
    return isOnGrid(stopPrice, grid) ? stopPrice : priceBeside(entry_price, stopPrice - entry_price, grid);
  }

  #widestStop({ side, entry_price, symbol }: OpenPosition): number {
    const distance = (-signOf(side) * entry_price * this.#context.settings.risk.max_stop_pct) / 100;
    const instrument = this.#context.instruments.get(symbol);
    return instrument ? priceBeside(entry_price, distance, gridOfTick(instrument.tick_size)) : entry_price + distance;
  }
}

/** Quantity of all positions on the side of one: a late fill of an earlier entry makes a second one, and one stop covers both. */
export function heldOn({ side }: Pick<OpenPosition, 'side'>, positions: readonly OpenPosition[]): number {
  const own = positions.filter((position) => position.side === side);
  return own.reduce((sum, { quantity }) => addQuantity(sum, quantity), 0);
}
