import { MINUTE_BOOKS } from '@helios/core/strategy/quiet-market.ts';
import type { Kline, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import type {
  DataWindow,
  MarketTarget,
  PassableMinute,
  PassedBook,
  QuietBelow,
  QuietTarget,
  ReachedPrice,
} from './market-target.ts';

/** Passes on what the window shows. */
export class WindowedTarget implements MarketTarget, QuietTarget {
  readonly quiet: QuietTarget | undefined;
  readonly #target: MarketTarget;
  readonly #inner: QuietTarget | undefined;
  readonly #sinceTs: number;
  #left: number;

  constructor(target: MarketTarget, { sinceTs = Number.NEGATIVE_INFINITY, cut }: DataWindow) {
    this.#target = target;
    this.#sinceTs = sinceTs;
    this.#left = cut?.frames ?? Number.POSITIVE_INFINITY;
    this.#inner = sinceTs === Number.NEGATIVE_INFINITY ? target.quiet : undefined;
    // Without a cut nobody counts frames.
    this.quiet = cut === undefined || this.#inner === undefined ? this.#inner : this;
  }

  /** True once the cut is reached. */
  get isOver(): boolean {
    return this.#left <= 0;
  }

  onFrame(events: readonly MarketEvent[], reached?: () => ReachedPrice | undefined): void {
    const isWhole = this.#sinceTs === Number.NEGATIVE_INFINITY;
    const shown = isWhole ? events : events.filter(({ ts_event }) => ts_event >= this.#sinceTs);
    if (shown.length === 0 || this.isOver) return;
    this.#left -= 1;
    this.#target.onFrame(shown, reached);
  }

  warm(kline: Kline): void {
    this.#target.warm?.(kline);
  }

  sideOf(symbol: string): Side | undefined {
    return this.#target.sideOf(symbol);
  }

  below(symbol: string): QuietBelow | undefined {
    return this.isOver ? undefined : this.#inner?.below(symbol);
  }

  skip(last?: PassedBook): void {
    this.#left -= 1;
    this.#inner?.skip(last);
  }

  passKlines(klines: readonly Kline[]): void {
    this.#left -= 1;
    this.#inner?.passKlines(klines);
  }

  passMinute(minute: readonly PassableMinute[]): boolean {
    const frames = minute.length * (MINUTE_BOOKS + 1);
    if (this.#left < frames || this.#inner?.passMinute(minute) !== true) return false;
    this.#left -= frames;
    return true;
  }
}
