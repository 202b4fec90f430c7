/** 9999-12-31: a time beyond was typed wrongly and must not break anything. */
const LAST_TS = 253_402_300_799_999;

/** The UTC day of a time, `2023-04-05`. */
export function utcDayOf(ts: number): string {
  return new Date(Math.min(ts, LAST_TS)).toISOString().slice(0, 10);
}
