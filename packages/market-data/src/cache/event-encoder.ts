import type { UnitLevels } from '@helios/core/book/unit-levels.ts';
import type { Book, MarketEvent, MarketTrade, MarkPrice } from '@helios/shared/domain/market-data.ts';
import { bookUnits } from './book-units.ts';
import { createColumns, RecordKind, RecordMark, writeColumns } from './chunk-columns.ts';
import { diffSide } from './side-changes.ts';
import { exactUnits, NO_SCALES, type UnitScales } from './unit-scales.ts';

interface SymbolState {
  readonly index: number;
  scales: UnitScales;
  /** The last book of this chunk. */
  book: UnitLevels | undefined;
}

/** Turns market events into chunks of columns. A chunk needs nothing of the chunks before it. */
export class EventEncoder {
  readonly #columns = createColumns();
  readonly #symbols = new Map<string, SymbolState>();
  readonly #changes: number[] = [];
  #texts: string[] = [];
  #textLength = 0;

  /** @param symbols every symbol that has events; a record holds its place in this list */
  constructor(symbols: readonly string[]) {
    for (const [index, symbol] of symbols.entries())
      this.#symbols.set(symbol, { index, scales: NO_SCALES, book: undefined });
  }

  /** Records and frames of the chunk so far, as a measure of its size. */
  get size(): number {
    return this.#columns.kind.count + this.#columns.idleTs.count + this.#columns.badTs.count;
  }

  /** Characters of the chunk's texts. */
  get textLength(): number {
    return this.#textLength;
  }

  /** Adds the events of one frame. */
  frame(events: readonly MarketEvent[], frameTs: number): void {
    let start: number = RecordMark.FRAME_START;
    for (const event of events) {
      const state = this.#stateOf(event.symbol);
      if (event.type === 'book') start = this.#book(state, event, frameTs, start);
      else if (event.type === 'trade') start = this.#trade(state, event, frameTs, start);
      else if (event.type === 'mark') start = this.#mark(state, event, frameTs, start);
      else start = this.#textEvent(state, event, frameTs, start);
    }
  }

  /** The session of a symbol has begun, in the frame added last or in one without events. */
  sessionStart(symbol: string, frameTs: number, isInLastFrame: boolean): void {
    const start = isInLastFrame ? 0 : RecordMark.FRAME_START;
    this.#record(this.#stateOf(symbol), RecordKind.SESSION_START | start, frameTs, frameTs);
  }

  /** A frame without events. Only its time counts, so equal times are kept once. */
  idle(frameTs: number): void {
    this.#columns.idleTs.push(frameTs);
  }

  /** A frame that is no message. */
  bad(frameTs: number): void {
    this.#columns.badTs.push(frameTs);
  }

  /** The chunk; the next one begins. */
  take(): { readonly bytes: Buffer; readonly records: number } {
    const columns = this.#columns;
    const made = { bytes: writeColumns(columns, this.#texts), records: columns.kind.count };
    for (const column of Object.values(columns)) column.clear();
    this.#texts = [];
    this.#textLength = 0;
    for (const state of this.#symbols.values()) {
      state.book = undefined;
      state.scales = NO_SCALES;
    }
    return made;
  }

  #stateOf(symbol: string): SymbolState {
    const state = this.#symbols.get(symbol);
    if (state === undefined) throw new RangeError(`the cache does not know the symbol ${symbol}`);
    return state;
  }

  #book(state: SymbolState, book: Book, frameTs: number, start: number): number {
    const units = bookUnits(book);
    if (units === undefined) {
      state.book = undefined;
      return this.#textEvent(state, book, frameTs, start);
    }
    const { priceScale, qtyScale } = units;
    const hasOtherScales = state.scales.price !== priceScale || state.scales.qty !== qtyScale;
    if (hasOtherScales) this.#setScales(state, { price: priceScale, qty: qtyScale }, frameTs);
    const old = hasOtherScales ? undefined : state.book;
    state.book = units;
    const columns = this.#columns;
    const kind = old === undefined ? RecordKind.KEY_BOOK : RecordKind.BOOK;
    this.#record(state, kind | start, frameTs, book.ts_event);
    columns.updateId.push(book.last_update_id);
    this.#changes.length = 0;
    columns.bidChanges.push(this.#diff(1, old, units));
    columns.askChanges.push(this.#diff(-1, old, units));
    for (let i = 0; i < this.#changes.length; i += 2) {
      columns.price.push(this.#changes[i] ?? Number.NaN);
      columns.qty.push(this.#changes[i + 1] ?? Number.NaN);
    }
    return 0;
  }

  #diff(sign: 1 | -1, old: UnitLevels | undefined, now: UnitLevels): number {
    const rangeOf = ({ values, asksFrom }: UnitLevels) =>
      [values, sign === 1 ? { from: 0, end: asksFrom } : { from: asksFrom, end: values.length }] as const;
    return diffSide(sign, old === undefined ? NOTHING : rangeOf(old), rangeOf(now), this.#changes);
  }

  #trade(state: SymbolState, trade: MarketTrade, frameTs: number, start: number): number {
    const price = exactUnits(trade.price);
    const qty = exactUnits(trade.qty);
    if (price === undefined || qty === undefined) return this.#textEvent(state, trade, frameTs, start);
    this.#setScales(state, { tradePrice: price.scale, tradeQty: qty.scale }, frameTs);
    const maker = trade.buyer_is_maker ? RecordMark.BUYER_IS_MAKER : 0;
    this.#record(state, RecordKind.TRADE | start | maker, frameTs, trade.ts_event);
    this.#columns.tradeId.push(trade.trade_id);
    this.#columns.tradePrice.push(price.units);
    this.#columns.tradeQty.push(qty.units);
    return 0;
  }

  #mark(state: SymbolState, event: MarkPrice, frameTs: number, start: number): number {
    const { mark_price, index_price, funding_rate, next_funding_ts } = event;
    const [mark, index, rate] = [mark_price, index_price, funding_rate].map((text) =>
      text === undefined ? ABSENT : exactUnits(text),
    );
    if (mark === undefined || index === undefined || rate === undefined)
      return this.#textEvent(state, event, frameTs, start);
    this.#setScales(
      state,
      {
        mark: mark.scale,
        ...(index !== ABSENT && { index: index.scale }),
        ...(rate !== ABSENT && { rate: rate.scale }),
      },
      frameTs,
    );
    const has =
      (index === ABSENT ? 0 : RecordMark.HAS_INDEX) |
      (rate === ABSENT ? 0 : RecordMark.HAS_RATE) |
      (next_funding_ts === undefined ? 0 : RecordMark.HAS_NEXT);
    this.#record(state, RecordKind.MARK | start | has, frameTs, event.ts_event);
    this.#columns.markPrice.push(mark.units);
    if (index !== ABSENT) this.#columns.indexPrice.push(index.units);
    if (rate !== ABSENT) this.#columns.fundingRate.push(rate.units);
    if (next_funding_ts !== undefined) this.#columns.nextFundingTs.push(next_funding_ts);
    return 0;
  }

  #textEvent(state: SymbolState, event: MarketEvent, frameTs: number, start: number): number {
    this.#record(state, RecordKind.TEXT_EVENT | start, frameTs, event.ts_event);
    this.#addText(JSON.stringify(event));
    return 0;
  }

  #setScales(state: SymbolState, changed: Partial<UnitScales>, frameTs: number): void {
    const scales = { ...state.scales, ...changed };
    const isSame = (Object.keys(changed) as (keyof UnitScales)[]).every((key) => state.scales[key] === scales[key]);
    if (isSame) return;
    state.scales = scales;
    this.#record(state, RecordKind.SCALES, frameTs, frameTs);
    this.#addText(JSON.stringify(scales));
  }

  #record({ index }: SymbolState, kind: number, frameTs: number, ts: number): void {
    const columns = this.#columns;
    columns.kind.push(kind);
    columns.symbol.push(index);
    columns.frameTs.push(frameTs);
    columns.ts.push(ts);
  }

  #addText(text: string): void {
    this.#texts.push(text);
    this.#textLength += text.length;
  }
}

const ABSENT = { units: 0, scale: 0 } as const;
const NOTHING = [[], { from: 0, end: 0 }] as const;
