/** 9999-12-31, the last day with four digits for its year: a mistyped later time must break nothing. */
const LAST_TS = 253_402_300_799_999;

/** The UTC day of a time, `2023-04-05`. */
export function utcDayOf(ts: number): string {
  return new Date(Math.min(ts, LAST_TS)).toISOString().slice(0, 10);
}
