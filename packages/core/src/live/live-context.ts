import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { PositionBook } from '../portfolio/position-book.ts';
import type { SteadyTime } from '../time/steady-time.ts';
import type { LiveOutbox } from './live-outbox.ts';
import type { LivePrices } from './live-prices.ts';
import type { LiveSettings } from './live-settings.ts';
import type { OrderStatistics } from './order-statistics.ts';

/** What the parts of live trading share. */
export interface LiveContext {
  readonly run: string;
  /** Tag of this instance in client ids. */
  readonly tag: string;
  readonly startedTs: number;
  readonly settings: LiveSettings;
  /** All times of live trading are of this, except those of signals and of the venue. */
  readonly time: SteadyTime;
  readonly outbox: LiveOutbox;
  readonly positions: PositionBook;
  readonly instruments: Map<string, Instrument>;
  readonly prices: LivePrices;
  readonly alarms: LiveAlarms;
  readonly statistics: OrderStatistics;
}

/** Alarms for the operator, one sentence each; the key removes an alarm. */
export class LiveAlarms {
  readonly #alarms = new Map<string, { readonly text: string; readonly untilMs: number }>();

  /** @param untilMs the alarm ends by itself then */
  raise(key: string, text: string, untilMs = Number.POSITIVE_INFINITY): void {
    this.#alarms.set(key, { text, untilMs });
  }

  clear(key: string): void {
    this.#alarms.delete(key);
  }

  /** The operator has seen them. */
  clearAll(): void {
    this.#alarms.clear();
  }

  has(key: string): boolean {
    return this.#alarms.has(key);
  }

  texts(nowMs: number): readonly string[] {
    return [...this.#alarms.values()].flatMap(({ text, untilMs }) => (nowMs < untilMs ? text : []));
  }
}
