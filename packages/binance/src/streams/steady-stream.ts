const STEADY = /@(depth|markPrice)/;

/** True for a stream that is never silent for long while its symbol trades, unlike trades and klines of a quiet symbol. */
export function isSteadyStream(name: string): boolean {
  return STEADY.test(name);
}
