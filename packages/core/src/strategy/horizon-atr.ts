/** What the closed 1m klines say about the range of a minute, in price units. */
interface MinuteRanges {
  /** Average true range, or what stands in for it. */
  readonly atr: number | undefined;
  /** By the volatility of the last hour. */
  readonly hourRange: number | undefined;
}

/**
 * ATR of a horizon, in price units: the range of a minute by the volatility of the last hour × √minutes, as moves of a random walk
 * grow with the square root of time. Without a horizon it is that of a minute, which also stands in before an hour of klines.
 */
export function horizonAtr({ atr, hourRange }: MinuteRanges, horizonMin: number | undefined): number | undefined {
  if (horizonMin === undefined) return atr;
  const minute = hourRange ?? atr;
  return minute === undefined ? undefined : minute * Math.sqrt(horizonMin);
}
