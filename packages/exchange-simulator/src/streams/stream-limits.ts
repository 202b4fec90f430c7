/** The venue's limits of a stream connection. */
export interface StreamLimits {
  /** Messages that a client may send per second, including pings and pongs. */
  readonly messagesPerSecond: number;
  readonly streamsPerConnection: number;
  readonly pingEveryMs: number;
  /** The venue closes a connection without a pong for this time. */
  readonly pongWithinMs: number;
  /** Maximum age of a connection. */
  readonly lifetimeMs: number;
}

/** As documented, and measured on 2026-10-07. */
export const VENUE_STREAM_LIMITS: StreamLimits = {
  messagesPerSecond: 10,
  streamsPerConnection: 1_024,
  pingEveryMs: 180_000,
  pongWithinMs: 600_000,
  lifetimeMs: 86_400_000,
};
