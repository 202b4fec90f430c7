/** Levels of a side, best first. */
export function levels(best: number, step: number, qty: string, count = 30): [string, string][] {
  return Array.from({ length: count }, (_, i) => [(best + i * step).toFixed(2), qty]);
}

/** An answer of `GET /fapi/v1/depth` in which nine tenths are bids: enough for a signal at any threshold. */
export function bidHeavySnapshot(id: number, ts: number, count = 30): string {
  const sides = { bids: levels(60_000, -0.1, '9.000', count), asks: levels(60_000.1, 0.1, '1.000', count) };
  return JSON.stringify({ lastUpdateId: id, E: ts, T: ts, ...sides });
}
