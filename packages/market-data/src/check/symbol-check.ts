import type { DepthUpdate } from '@helios/binance/wire/depth-update.ts';
import { SESSION_GAP_MS } from '@helios/shared/domain/freshness.ts';
import { SymbolBook } from '../feed/symbol-book.ts';
import type { FeedMessage } from '../feed/symbol-feed.ts';
import { ClockDifferences } from './clock-differences.ts';
import type { FaultCounts } from './data-fault.ts';

/** A message in its file. */
export interface CheckedMessage {
  readonly message: FeedMessage;
  readonly line: number;
  /** Receive time and time of the venue (`E`), epoch ms. */
  readonly tsReceived: number;
  readonly tsVenue: number | undefined;
}

/** Figures about one symbol in one file. */
export class SymbolFigures {
  depth = 0;
  trades = 0;
  tickers = 0;
  marks = 0;
  snapshots = 0;
  /** First and last time of the venue, epoch ms. */
  fromTs = Number.POSITIVE_INFINITY;
  toTs = Number.NEGATIVE_INFINITY;
  withoutBookMs = 0;
  longestSilenceMs = 0;
  readonly clock = new ClockDifferences();
}

/** Streams whose messages have ascending ids. */
type CountedStream = 'trade' | 'aggTrade' | 'ticker';

/** Checks the messages of one symbol. Its book and ids go on from file to file, as in a replay. */
export class SymbolCheck {
  readonly #symbol: string;
  readonly #book: SymbolBook;
  readonly #lastIds = new Map<CountedStream, number>();
  #lastUpdate: Pick<DepthUpdate, 'lastUpdateId' | 'previousUpdateId'> | undefined;
  #lastTs: number | undefined;
  /** The present file. */
  #figures = new SymbolFigures();
  #faults: FaultCounts;
  #line = 0;

  constructor(symbol: string, faults: FaultCounts) {
    this.#symbol = symbol;
    this.#faults = faults;
    this.#book = new SymbolBook(symbol, {
      now: () => 0,
      onNotice: (notice) => {
        if (notice.kind === 'CROSSED_BOOK') this.#add('CROSSED_BOOK', () => `bid ${notice.bid}, ask ${notice.ask}`);
        else if (notice.kind === 'STALE_SNAPSHOT')
          this.#add(
            'STALE_SNAPSHOT',
            () => `its id ${notice.lastUpdateId} is before the update ${notice.firstUpdateId}`,
          );
      },
    });
  }

  /** Time of the venue of the newest message so far, epoch ms; undefined before the first. */
  get newestTs(): number | undefined {
    return this.#lastTs;
  }

  /** Starts the figures of the next file. */
  begin(faults: FaultCounts): SymbolFigures {
    this.#figures = new SymbolFigures();
    this.#faults = faults;
    return this.#figures;
  }

  /** Checks the next message of the file. */
  onMessage({ message, line, tsReceived, tsVenue }: CheckedMessage): void {
    this.#line = line;
    if (tsVenue !== undefined) this.#onTime(tsVenue, tsReceived);
    const figures = this.#figures;
    if (message.kind === 'DEPTH_UPDATE') {
      figures.depth += 1;
      this.#onUpdate(message);
    } else if (message.kind === 'DEPTH_SNAPSHOT') {
      figures.snapshots += 1;
      this.#book.onSnapshot(message, []);
    } else if (message.kind === 'TRADE') {
      figures.trades += 1;
      this.#onId(message.stream, message.tradeId);
    } else if (message.kind === 'BOOK_TICKER') {
      figures.tickers += 1;
      this.#onId('ticker', message.updateId);
    } else if (message.kind === 'MARK_PRICE') {
      figures.marks += 1;
    }
  }

  /** Ends the file. */
  end(): void {
    const { depth, withoutBookMs, fromTs, toTs } = this.#figures;
    const isWithout = depth > 0 && !this.#book.isShown && withoutBookMs >= toTs - fromTs;
    if (!isWithout) return;
    this.#line = 0;
    this.#add('NO_BOOK', () => 'depth updates, but no snapshot that fits them');
  }

  #onTime(tsVenue: number, tsReceived: number): void {
    const figures = this.#figures;
    figures.clock.add(tsReceived - tsVenue);
    figures.fromTs = Math.min(figures.fromTs, tsVenue);
    figures.toTs = Math.max(figures.toTs, tsVenue);
    // A file may follow days after the one before it.
    const isNewSession = figures.clock.isFirst && tsVenue - (this.#lastTs ?? tsVenue) > SESSION_GAP_MS;
    if (isNewSession) this.#endSession();
    const passedMs = this.#lastTs === undefined || isNewSession ? 0 : Math.max(0, tsVenue - this.#lastTs);
    this.#lastTs = Math.max(this.#lastTs ?? 0, tsVenue);
    figures.longestSilenceMs = Math.max(figures.longestSilenceMs, passedMs);
    if (!this.#book.isShown) figures.withoutBookMs += passedMs;
    if (passedMs <= SESSION_GAP_MS) return;
    this.#add('SILENCE', () => `${Math.round(passedMs / 1_000)} s without a message`);
    this.#endSession();
  }

  #endSession(): void {
    this.#book.forget();
    this.#lastUpdate = undefined;
    this.#lastIds.clear();
  }

  #onUpdate(update: DepthUpdate): void {
    const last = this.#lastUpdate;
    this.#lastUpdate = update;
    this.#book.onUpdate(update, []);
    if (last === undefined || update.previousUpdateId === last.lastUpdateId) return;
    if (update.lastUpdateId === last.lastUpdateId && update.previousUpdateId === last.previousUpdateId) {
      this.#add('DUPLICATE', () => `depth update ${update.lastUpdateId}`);
    } else if (update.lastUpdateId <= last.lastUpdateId) {
      this.#add('UNSORTED', () => `depth update ${update.lastUpdateId} after ${last.lastUpdateId}`);
      this.#lastUpdate = last;
    } else {
      this.#add(
        'DEPTH_GAP',
        () => `expected the update after ${last.lastUpdateId}, got the one after ${update.previousUpdateId}`,
      );
    }
  }

  #onId(stream: CountedStream, id: number): void {
    const last = this.#lastIds.get(stream);
    this.#lastIds.set(stream, Math.max(last ?? id, id));
    if (last === undefined || id > last) {
      const isGap = stream === 'aggTrade' && last !== undefined && id > last + 1;
      if (isGap) this.#add('TRADE_GAP', () => `${id - last - 1} trades are missing before ${id}`);
    } else if (id === last) this.#add('DUPLICATE', () => `${stream} ${id}`);
    else this.#add('UNSORTED', () => `${stream} ${id} after ${last}`);
  }

  #add(kind: Parameters<FaultCounts['add']>[0], detail: () => string): void {
    this.#faults.add(kind, this.#symbol, this.#line, detail);
  }
}
