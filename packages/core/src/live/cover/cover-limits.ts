/** Times and counts of the cover, ms. */
export const COVER_LIMITS = {
  /** A request without an answer for this long is asked for. */
  answerMs: 1_000,
  /** A query that does not find a stop proves nothing until the placement is this old. */
  absentGraceMs: 1_000,
  /** Time between two queries about one stop; after `quickAsks` of them it doubles up to `maxAskMs`. */
  askMs: 300,
  quickAsks: 6,
  maxAskMs: 30_000,
  /** Placement requests with one id. */
  maxPlacements: 3,
  /**
   * A stop that hangs in TRIGGERING, or whose order does not close the position, for this long has failed. The close must be done
   * within two seconds; both only reduce, so together they close no more than is open.
   */
  triggerMs: 1_200,
  /** After the stop's order ended, its fills may be on their way for this long. */
  fillsMs: 1_000,
  /** An older mark price says nothing about now. */
  markMaxAgeMs: 3_000,
  /** A stop that rested, and that neither lists nor queries find for this long, counts as gone. */
  goneMs: 1_000,
  /** After a replacement of a gone stop the next one must be this much later: a venue that hides every stop must not collect them. */
  replaceMs: 600_000,
  /** Shortest time between two moves of a stop that covers the whole position. */
  moveMs: 1_000,
  /** A position whose stop the venue never showed is closed after this, even if the venue is silent. */
  unconfirmedMs: 30_000,
  /** Stops that the venue refused or ended, one after another, before the position must be closed. */
  maxFailures: 3,
  /** After so many failures the next attempt waits this long, then twice as long, up to `maxRetryMs`. */
  retryMs: 5_000,
  maxRetryMs: 60_000,
  /** A stop that rested this long was no failure. */
  settledMs: 10_000,
  /** Time between two cancel requests for one stop; it doubles up to `maxAskMs`. */
  cancelMs: 1_000,
} as const;
