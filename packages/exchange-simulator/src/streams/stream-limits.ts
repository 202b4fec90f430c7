/** What the venue demands of a stream connection. */
export interface StreamLimits {
  /** Messages a client may send within a second, pings and pongs included. */
  readonly messagesPerSecond: number;
  readonly streamsPerConnection: number;
  readonly pingEveryMs: number;
  /** A connection that leaves pings without a pong for so long is closed. */
  readonly pongWithinMs: number;
  /** A connection is cut when it is so old. */
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
