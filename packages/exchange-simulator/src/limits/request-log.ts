const MINUTE_MS = 60_000;
/** Four hours. */
const MINUTES_KEPT = 240;

/** Request counts of one path. */
export interface PathCount {
  requests: number;
  weight: number;
  /** Counts by HTTP status; `0` means no complete answer. */
  readonly statuses: Record<string, number>;
}

/** Request counts of one UTC clock minute. */
export interface MinuteCount {
  readonly minute_ts: number;
  requests: number;
  weight: number;
  readonly paths: Record<string, PathCount>;
}

/** All requests so far. */
export interface RequestReport {
  readonly requests: number;
  readonly weight: number;
  /** The heaviest minute's weight. */
  readonly max_minute_weight: number;
  readonly paths: Readonly<Record<string, PathCount>>;
  /** The last four hours, oldest first. */
  readonly minutes: readonly MinuteCount[];
}

const emptyPath = (): PathCount => ({ requests: 0, weight: 0, statuses: {} });

/** Counts requests and weight by minute and path, for tests of a client's budget. */
export class RequestLog {
  #minutes: MinuteCount[] = [];
  #paths: Record<string, PathCount> = {};
  #requests = 0;
  #weight = 0;
  #maxMinuteWeight = 0;

  add(path: string, weight: number, status: number, nowMs: number): void {
    const minute = this.#minuteOf(nowMs);
    for (const count of [at(this.#paths, path), at(minute.paths, path)]) {
      count.requests += 1;
      count.weight += weight;
      count.statuses[status] = (count.statuses[status] ?? 0) + 1;
    }
    minute.requests += 1;
    minute.weight += weight;
    this.#requests += 1;
    this.#weight += weight;
    this.#maxMinuteWeight = Math.max(this.#maxMinuteWeight, minute.weight);
  }

  report(): RequestReport {
    return structuredClone({
      requests: this.#requests,
      weight: this.#weight,
      max_minute_weight: this.#maxMinuteWeight,
      paths: this.#paths,
      minutes: this.#minutes,
    });
  }

  clear(): void {
    this.#minutes = [];
    this.#paths = {};
    this.#requests = 0;
    this.#weight = 0;
    this.#maxMinuteWeight = 0;
  }

  #minuteOf(nowMs: number): MinuteCount {
    const minute_ts = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
    const known = this.#minutes.findLast((one) => one.minute_ts === minute_ts);
    if (known !== undefined) return known;
    const minute = { minute_ts, requests: 0, weight: 0, paths: {} };
    this.#minutes.push(minute);
    if (this.#minutes.length > MINUTES_KEPT) this.#minutes.shift();
    return minute;
  }
}

function at(paths: Record<string, PathCount>, path: string): PathCount {
  const known = paths[path];
  if (known !== undefined) return known;
  const fresh = emptyPath();
  paths[path] = fresh;
  return fresh;
}
