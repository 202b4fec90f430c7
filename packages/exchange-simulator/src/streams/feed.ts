import type { StreamName } from './stream-name.ts';

/** An event for all listeners of a stream. */
export interface StreamEvent {
  readonly stream: string;
  /** The contract of the event; undefined if it covers several. */
  readonly symbol: string | undefined;
  /** The account of a user event; absent for market data. */
  readonly account?: string;
  /** Send time, ms of the clock, which faults do not move. */
  readonly atMs: number;
  readonly data: Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[];
}

/** Makes the events of the subscribed streams. */
export interface Feed {
  /** True if there are no listeners. */
  readonly isIdle: boolean;
  add(stream: StreamName): void;
  remove(name: string): void;
  /** Publishes the events due at a beat. */
  beat(atMs: number): void;
  /** Publishes the events that do not wait for a beat. */
  tick(atMs: number): void;
}
