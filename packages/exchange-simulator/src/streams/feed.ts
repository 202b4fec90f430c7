import type { StreamName } from './stream-name.ts';

/** An event for everybody who listens to a stream. */
export interface StreamEvent {
  readonly stream: string;
  /** The contract that it is about; undefined where it is about several. */
  readonly symbol: string | undefined;
  /** When it is sent, ms of the clock that faults do not move. */
  readonly atMs: number;
  readonly data: Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[];
}

/** Makes the events of the streams that somebody listens to. */
export interface Feed {
  /** True where nobody listens. */
  readonly isIdle: boolean;
  add(stream: StreamName): void;
  remove(name: string): void;
  /** Publishes what is due at a beat. */
  beat(atMs: number): void;
  /** Publishes what waits for no beat. */
  tick(atMs: number): void;
}
