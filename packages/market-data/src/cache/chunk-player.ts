import { UnitBook } from '@helios/core/book/unit-book.ts';
import type { UnitLevels } from '@helios/core/book/unit-levels.ts';
import type { MarketEvent, MarketTrade, MarkPrice } from '@helios/shared/domain/market-data.ts';
import { type ChunkContent, KIND_BITS, RecordKind, RecordMark, readColumns } from './chunk-columns.ts';
import { patchSide, type SidePatch } from './side-changes.ts';
import { NO_SCALES, signedText, type UnitScales } from './unit-scales.ts';

interface SymbolState {
  readonly symbol: string;
  scales: UnitScales;
  /** Levels of the last book; undefined if the next book holds all levels. */
  units: UnitLevels | undefined;
  isOpen: boolean;
}

const NO_EVENTS: MarketEvent[] = [];
const NO_LEVELS = { values: [], asksFrom: 0 } as const;
/** A packed array of doubles to copy: arrays that grow level by level take three times as long. */
const FULL_BOOK: readonly number[] = Array.from({ length: 80 }, () => 0.5);

/** Turns chunks back into the frames of events from which they were made, until a market time. */
export class ChunkPlayer {
  /** True once a frame after the end came, or after `stop`. */
  isOver = false;
  badFrames = 0;
  /** Market time of the newest frame, epoch ms. */
  tsMarket = 0;
  readonly #symbols: readonly SymbolState[];
  readonly #toTs: number;
  #columns: ChunkContent['columns'] | undefined;
  #reader: EventReader | undefined;
  /** Index of the next record. */
  #at = 0;

  /** @param toTs the play ends before the first frame after this market time, epoch ms */
  constructor(symbols: readonly string[], toTs: number) {
    this.#symbols = symbols.map((symbol) => ({
      ...{ symbol, scales: NO_SCALES, units: undefined, isOpen: false },
    }));
    this.#toTs = toTs;
  }

  /** Symbols whose session has not ended, in the order of the cache. */
  openSymbols(): readonly string[] {
    return this.#symbols.filter(({ isOpen }) => isOpen).map(({ symbol }) => symbol);
  }

  /** Takes the next chunk; the one before is played. */
  load(bytes: Buffer<ArrayBuffer>): void {
    const content = readColumns(bytes);
    this.#columns = content.columns;
    this.#reader = new EventReader(content);
    this.#at = 0;
  }

  /** The events of the next frame that has any, never an empty list; undefined at the end of the chunk. */
  next(): readonly MarketEvent[] | undefined {
    const [columns, reader] = [this.#columns, this.#reader];
    if (columns === undefined || reader === undefined) return undefined;
    const { kind: kinds, symbol: symbols, frameTs } = columns;
    let events = NO_EVENTS;
    for (let at = this.#at; at < kinds.length; at += 1) {
      const kind = kinds[at] ?? 0;
      if ((kind & RecordMark.FRAME_START) !== 0) {
        if (events.length > 0) {
          this.#at = at;
          return events;
        }
        const ts = frameTs[at] ?? Number.NaN;
        if (ts > this.#toTs) {
          this.stop();
          return undefined;
        }
        this.tsMarket = ts;
      }
      const state = this.#symbols[symbols[at] ?? -1];
      if (state === undefined) throw new RangeError('a record names a symbol that is not in the list');
      const event = reader.read(kind, at, state);
      if (event === undefined) continue;
      // Nearly every frame has one event: an array that grows from empty takes three times the memory.
      if (events.length === 0) events = [event];
      else events.push(event);
    }
    this.#at = kinds.length;
    if (events.length > 0) return events;
    this.#endChunk();
    return undefined;
  }

  /** Ends the play. */
  stop(): void {
    this.isOver = true;
    this.#endChunk();
  }

  /** Frames without events move the market time, too. */
  #endChunk(): void {
    if (this.#columns === undefined) return;
    const { idleTs, badTs } = this.#columns;
    this.#columns = undefined;
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
  readonly #patch: SidePatch;
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
    const { price: prices, qty: qtys } = columns;
    this.#patch = { old: [], out: [], from: 0, end: 0, prices, qtys, changesFrom: 0, changesEnd: 0 };
  }

  /** The event of a record; undefined if it only changes the state of its symbol. */
  read(kind: number, at: number, state: SymbolState): MarketEvent | undefined {
    switch (kind & KIND_BITS) {
      case RecordKind.BOOK:
        return this.#readBook(at, state);
      case RecordKind.KEY_BOOK:
        state.units = undefined;
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
    const { bidChanges, askChanges, updateId, ts } = this.#columns;
    const bids = bidChanges[this.#book] ?? 0;
    const asks = askChanges[this.#book] ?? 0;
    // Many updates touch no visible level.
    if (bids + asks > 0 || state.units === undefined) state.units = this.#changed(state, bids, asks);
    const lastUpdateId = updateId[this.#book] ?? Number.NaN;
    this.#book += 1;
    return new UnitBook({
      symbol: state.symbol,
      ts_event: ts[at] ?? Number.NaN,
      ts_init: 0,
      last_update_id: lastUpdateId,
      units: state.units,
    });
  }

  /** The levels after the next changes of both sides. */
  #changed({ units, scales }: SymbolState, bids: number, asks: number): UnitLevels {
    const { values: old, asksFrom: oldAsksFrom } = units ?? NO_LEVELS;
    const values = old.length === 0 ? FULL_BOOK.slice() : old.slice();
    const bidsEnd = this.#change + bids;
    const patch = this.#patch;
    patch.old = old;
    patch.out = values;
    patch.from = 0;
    patch.end = oldAsksFrom;
    patch.changesFrom = this.#change;
    patch.changesEnd = bidsEnd;
    const asksFrom = patchSide(1, patch, 0);
    patch.from = oldAsksFrom;
    patch.end = old.length;
    patch.changesFrom = bidsEnd;
    patch.changesEnd = bidsEnd + asks;
    const end = patchSide(-1, patch, asksFrom);
    if (end < values.length) values.length = end;
    this.#change = bidsEnd + asks;
    return { priceScale: scales.price, qtyScale: scales.qty, values, asksFrom };
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
    if (event.type === 'book') state.units = undefined;
    return event;
  }

  #nextValue<T>(): T {
    const value = this.#values[this.#value];
    this.#value += 1;
    return value as T;
  }
}
