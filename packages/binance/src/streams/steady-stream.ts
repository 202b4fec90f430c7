const STEADY = /@(depth|markPrice)/;

/** Such a stream is never quiet for long on a symbol that trades; trades and candles of a quiet symbol are. */
export function isSteadyStream(name: string): boolean {
  return STEADY.test(name);
}
