const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Every kline interval of the venue with its length in ms; a month has no fixed length. */
export const VENUE_INTERVALS = {
  '1m': MINUTE_MS,
  '3m': 3 * MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '30m': 30 * MINUTE_MS,
  '1h': HOUR_MS,
  '2h': 2 * HOUR_MS,
  '4h': 4 * HOUR_MS,
  '6h': 6 * HOUR_MS,
  '8h': 8 * HOUR_MS,
  '12h': 12 * HOUR_MS,
  '1d': DAY_MS,
  '3d': 3 * DAY_MS,
  '1w': 7 * DAY_MS,
  '1M': undefined,
} as const;
export type VenueInterval = keyof typeof VENUE_INTERVALS;

/** Weeks begin on Monday; the first was 1970-01-05. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

export function isVenueInterval(text: string): text is VenueInterval {
  return Object.hasOwn(VENUE_INTERVALS, text);
}

/** Start of the kline that contains `ts`, epoch ms UTC. */
export function klineOpen(interval: VenueInterval, ts: number): number {
  const length = VENUE_INTERVALS[interval];
  if (length === undefined) {
    const date = new Date(ts);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  }
  const from = interval === '1w' ? FIRST_MONDAY_MS : 0;
  return Math.floor((ts - from) / length) * length + from;
}

/** Close time of the kline that begins at `openTs`: its last millisecond, as at the venue. */
export function klineClose(interval: VenueInterval, openTs: number): number {
  const length = VENUE_INTERVALS[interval];
  if (length !== undefined) return openTs + length - 1;
  const date = new Date(openTs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) - 1;
}
