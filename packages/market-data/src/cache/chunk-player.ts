import { UnitBook } from '@helios/core/book/unit-book.ts';
import type { MarketEvent, MarketTrade, MarkPrice } from '@helios/shared/domain/market-data.ts';
import { type ChunkContent, KIND_BITS, RecordKind, RecordMark, readColumns } from './chunk-columns.ts';
import { patchSide } from './side-changes.ts';
import { NO_SCALES, signedText, type UnitScales } from './unit-scales.ts';

/** Receives the events of one frame; returns false to end the play. */
export type OnFrame = (events: readonly MarketEvent[]) => boolean;

interface SymbolState {
  readonly symbol: string;
  scales: UnitScales;
  /** Levels of the last book: price and quantity in turn. */
  values: readonly number[];
  asksFrom: number;
  isOpen: boolean;
}

const NO_VALUES: readonly number[] = [];
/** A packed array of doubles to copy: arrays that grow level by level take three times as long. */
const FULL_BOOK: readonly number[] = Array.from({ length: 80 }, () => 0.5);

/** Turns chunks back into the events from which they were made, until a market time. */
export class ChunkPlayer {
  /** True once a frame after the end came, or once the receiver ended the play. */
  isOver = false;
  badFrames = 0;
  /** Market time of the newest frame, epoch ms. */
  tsMarket = 0;
  readonly #symbols: readonly SymbolState[];
  readonly #toTs: number;
  readonly #onFrame: OnFrame;

  /** @param toTs the play ends before the first frame after this market time, epoch ms */
  constructor(symbols: readonly string[], toTs: number, onFrame: OnFrame) {
    this.#symbols = symbols.map((symbol) => ({
      ...{ symbol, scales: NO_SCALES, values: NO_VALUES, asksFrom: 0, isOpen: false },
    }));
    this.#toTs = toTs;
    this.#onFrame = onFrame;
  }

  /** Symbols whose session has not ended, in the order of the cache. */
  openSymbols(): readonly string[] {
    return this.#symbols.filter(({ isOpen }) => isOpen).map(({ symbol }) => symbol);
  }

  play(bytes: Buffer<ArrayBuffer>): void {
    const content = readColumns(bytes);
    this.#playRecords(content);
    this.#countFrames(content.columns);
  }

  #playRecords(content: ChunkContent): void {
    const reader = new EventReader(content);
    const { kind: kinds, symbol: symbols, frameTs } = content.columns;
    let events: MarketEvent[] = [];
    for (let at = 0; at < kinds.length; at += 1) {
      const kind = kinds[at] ?? 0;
      if ((kind & RecordMark.FRAME_START) !== 0) {
        if (events.length > 0 && !this.#onFrame(events)) this.isOver = true;
        events = [];
        const ts = frameTs[at] ?? Number.NaN;
        if (ts > this.#toTs) this.isOver = true;
        if (this.isOver) return;
        this.tsMarket = ts;
      }
      const state = this.#symbols[symbols[at] ?? -1];
      if (state === undefined) throw new RangeError('a record names a symbol that is not in the list');
      const event = reader.read(kind, at, state);
      if (event !== undefined) events.push(event);
    }
    if (events.length > 0 && !this.#onFrame(events)) this.isOver = true;
  }

  /** Frames without events move the market time, too. */
  #countFrames({ idleTs, badTs }: ChunkContent['columns']): void {
    for (let i = idleTs.length - 1; i >= 0; i -= 1) {
      const ts = idleTs[i] ?? Number.NaN;
      if (ts > this.#toTs) continue;
      this.tsMarket = Math.max(this.tsMarket, ts);
      break;
    }
    for (const ts of badTs) if (ts <= this.#toTs) this.badFrames += 1;
  }
}

/** Reads the events of one chunk in order. */
class EventReader {
  readonly #columns: ChunkContent['columns'];
  readonly #values: readonly unknown[];
  #book = 0;
  #change = 0;
  #trade = 0;
  #mark = 0;
  #index = 0;
  #rate = 0;
  #next = 0;
  #value = 0;

  constructor({ columns, values }: ChunkContent) {
    this.#columns = columns;
    this.#values = values;
  }

  /** The event of a record; undefined if it only changes the state of its symbol. */
  read(kind: number, at: number, state: SymbolState): MarketEvent | undefined {
    switch (kind & KIND_BITS) {
      case RecordKind.BOOK:
        return this.#readBook(at, state);
      case RecordKind.KEY_BOOK:
        state.values = NO_VALUES;
        state.asksFrom = 0;
        return this.#readBook(at, state);
      case RecordKind.TRADE:
        return this.#readTrade(kind, at, state);
      case RecordKind.MARK:
        return this.#readMark(kind, at, state);
      case RecordKind.TEXT_EVENT:
        return this.#readText(state);
      case RecordKind.SCALES:
        state.scales = this.#nextValue();
        return undefined;
      default:
        state.isOpen = true;
        return undefined;
    }
  }

  #readBook(at: number, state: SymbolState): UnitBook {
    const { price: prices, qty: qtys, bidChanges, askChanges, updateId, ts } = this.#columns;
    const { values: old, asksFrom: oldAsksFrom, scales } = state;
    const values = old.length === 0 ? FULL_BOOK.slice() : old.slice();
    const bidsEnd = this.#change + (bidChanges[this.#book] ?? 0);
    const changesEnd = bidsEnd + (askChanges[this.#book] ?? 0);
    const book = { old, out: values, prices, qtys };
    const asksFrom = patchSide(1, book, { from: 0, end: oldAsksFrom }, 0, { from: this.#change, end: bidsEnd });
    const asks = { from: oldAsksFrom, end: old.length };
    const end = patchSide(-1, book, asks, asksFrom, { from: bidsEnd, end: changesEnd });
    if (end < values.length) values.length = end;
    state.values = values;
    state.asksFrom = asksFrom;
    const lastUpdateId = updateId[this.#book] ?? Number.NaN;
    this.#book += 1;
    this.#change = changesEnd;
    return new UnitBook({
      symbol: state.symbol,
      ts_event: ts[at] ?? Number.NaN,
      ts_init: 0,
      last_update_id: lastUpdateId,
      units: { priceScale: scales.price, qtyScale: scales.qty, values, asksFrom },
    });
  }

  #readTrade(kind: number, at: number, { symbol, scales }: SymbolState): MarketTrade {
    const { ts, tradeId, tradePrice, tradeQty } = this.#columns;
    const i = this.#trade;
    this.#trade += 1;
    return {
      type: 'trade',
      symbol,
      ts_event: ts[at] ?? Number.NaN,
      ts_init: 0,
      trade_id: tradeId[i] ?? Number.NaN,
      price: signedText(tradePrice[i] ?? Number.NaN, scales.tradePrice),
      qty: signedText(tradeQty[i] ?? Number.NaN, scales.tradeQty),
      buyer_is_maker: (kind & RecordMark.BUYER_IS_MAKER) !== 0,
    };
  }

  #readMark(kind: number, at: number, { symbol, scales }: SymbolState): MarkPrice {
    const { ts, markPrice, indexPrice, fundingRate, nextFundingTs } = this.#columns;
    const event: { -readonly [Key in keyof MarkPrice]: MarkPrice[Key] } = {
      type: 'mark',
      symbol,
      ts_event: ts[at] ?? Number.NaN,
      ts_init: 0,
      mark_price: signedText(markPrice[this.#mark++] ?? Number.NaN, scales.mark),
    };
    if ((kind & RecordMark.HAS_INDEX) !== 0)
      event.index_price = signedText(indexPrice[this.#index++] ?? Number.NaN, scales.index);
    if ((kind & RecordMark.HAS_RATE) !== 0)
      event.funding_rate = signedText(fundingRate[this.#rate++] ?? Number.NaN, scales.rate);
    if ((kind & RecordMark.HAS_NEXT) !== 0) event.next_funding_ts = nextFundingTs[this.#next++] ?? Number.NaN;
    return event;
  }

  #readText(state: SymbolState): MarketEvent {
    const event: MarketEvent = this.#nextValue();
    if (event.type === 'break' && event.kind === 'SESSION_END') state.isOpen = false;
    if (event.type === 'book') state.values = NO_VALUES;
    return event;
  }

  #nextValue<T>(): T {
    const value = this.#values[this.#value];
    this.#value += 1;
    return value as T;
  }
}
