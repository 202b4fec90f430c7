/** What one seed has shown. */
export interface ChaosResult {
  readonly seed: number;
  /** Steps done, and those that hit something. */
  readonly steps: number;
  readonly met: number;
  readonly fills: number;
  readonly trades: number;
  /** Longest time without cover that the rules count, ms. */
  readonly maxBareMs: number;
  /** Time from the end of the last fault until the fleet traded as before. */
  readonly backMs: number;
  /** Time that the exchange and execution-manager waited for a core: in all, and the longest. */
  readonly waitedMs: number;
  readonly maxWaitMs: number;
  /** Broken rules, one sentence each with its code. */
  readonly violations: readonly string[];
}

/** One line a seed, and each broken rule. */
export function resultTable(results: readonly ChaosResult[]): readonly string[] {
  const head = ['seed', 'steps', 'met', 'fills', 'trades', 'bare', 'back after', 'no core', 'broken'];
  const rows = results.map((one) => [
    ...[one.seed, one.steps, one.met, one.fills, one.trades].map(String),
    ...[
      `${one.maxBareMs} ms`,
      `${(one.backMs / 1_000).toFixed(1)} s`,
      `${(one.waitedMs / 1_000).toFixed(1)} s`,
      String(one.violations.length),
    ],
  ]);
  const line = (cells: readonly string[]): string =>
    cells.map((cell, at) => cell.padStart(Math.max(head[at]?.length ?? 0, 6))).join('  ');
  return [
    line(head),
    ...rows.map(line),
    ...results.flatMap(({ seed, violations }) => violations.map((what) => `BROKEN  seed ${seed}: ${what}`)),
  ];
}
