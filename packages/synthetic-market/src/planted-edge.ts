/** Minutes over which a fall is judged, and over which the planted move spreads. */
export const EDGE_MINUTES = 30;

/** A fall is at least this many usual standard deviations of a move over `EDGE_MINUTES`. */
export const FALL_SIGMAS = 0.5;

/** A true edge to be found by a strategy; see docs/synthetic-market.md. */
export interface PlantedEdge {
  /** Expected move after a lasting tilt in a fall, basis points; 0: no edge. */
  readonly bp: number;
  /** Epoch ms from which no new move begins and none goes on; default: never. */
  readonly untilMs?: number | undefined;
}

/** The edge of `bp` basis points in a market from `startMs` on, which ends after `hours`; 0 hours: never, 0 basis points: none. */
export function plantedEdge(bp: number, hours: number, startMs: number): PlantedEdge | undefined {
  if (bp === 0) return undefined;
  return { bp, untilMs: hours > 0 ? startMs + hours * 3_600_000 : undefined };
}

interface Drift {
  readonly perMinute: number;
  /** Epoch ms. */
  readonly endMs: number;
}

/** The planted moves of one symbol. */
export class EdgeDrift {
  private readonly edge: PlantedEdge;
  private readonly fallLog: number;
  /** Logarithm of the price at the end of each minute, the newest last. */
  private readonly minutes: number[] = [];
  private drifts: readonly Drift[] = [];

  /** @param minuteSigma standard deviation of a usual one-minute return */
  constructor(edge: PlantedEdge, minuteSigma: number) {
    this.edge = edge;
    this.fallLog = -FALL_SIGMAS * minuteSigma * Math.sqrt(EDGE_MINUTES);
  }

  /** Remembers the price once a minute. */
  rememberMinute(logPrice: number): void {
    this.minutes.push(logPrice);
    if (this.minutes.length > EDGE_MINUTES) this.minutes.shift();
  }

  /** Begins a planted move if a lasting tilt meets a fall. */
  meet(lasting: -1 | 1, logPrice: number, nowMs: number): void {
    const before = this.minutes.length === EDGE_MINUTES ? this.minutes[0] : undefined;
    if (before === undefined || logPrice - before > this.fallLog) return;
    this.drifts = [
      ...this.drifts,
      { perMinute: (lasting * this.edge.bp * 1e-4) / EDGE_MINUTES, endMs: nowMs + EDGE_MINUTES * 60_000 },
    ];
  }

  /** Planted change of the logarithm of the price in a step of `minutes` that ends at `nowMs`. */
  step(nowMs: number, minutes: number): number {
    if (this.drifts.length === 0) return 0;
    if (nowMs >= (this.edge.untilMs ?? Number.POSITIVE_INFINITY)) this.drifts = [];
    else if (this.drifts.some((drift) => drift.endMs <= nowMs))
      this.drifts = this.drifts.filter((drift) => drift.endMs > nowMs);
    return this.drifts.reduce((sum, drift) => sum + drift.perMinute * minutes, 0);
  }
}
