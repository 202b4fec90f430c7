import { KLINE_INTERVAL_MS, KlineInterval } from '@helios/shared/domain/market-data.ts';
import type { KlineRow } from './kline-columns.ts';

const MINUTE_MS = 60_000;
/** No market moves that far between two candles; a split or a redenomination does. */
const MAX_JUMP = 8;
/** A jump of this factor is rare, so the report names it. */
const RARE_JUMP = 2;

/** Checks each candle against the one before it. */
export class KlineSequence {
  #lastTs = Number.NEGATIVE_INFINITY;
  #lastClose = Number.NaN;
  #largest = RARE_JUMP;
  #jump: string | undefined;

  /** The largest jump between two candles that looks like a split; undefined without one. */
  get jump(): string | undefined {
    return this.#jump;
  }

  /** Why this candle cannot follow; undefined if it can. */
  next({ openTs, open, close }: KlineRow): string | undefined {
    const problem = this.#timeProblem(openTs) ?? this.#jumpProblem(openTs, open);
    this.#lastTs = openTs;
    this.#lastClose = close;
    return problem;
  }

  #timeProblem(openTs: number): string | undefined {
    if (openTs % MINUTE_MS !== 0) return `${textOf(openTs)} does not begin a minute`;
    if (openTs === this.#lastTs) return `${textOf(openTs)} is there twice`;
    if (openTs < this.#lastTs) return `${textOf(openTs)} comes after ${textOf(this.#lastTs)}; sort the file by time`;
    return undefined;
  }

  #jumpProblem(openTs: number, open: number): string | undefined {
    const factor = open / this.#lastClose;
    const size = Math.max(factor, 1 / factor);
    if (size >= this.#largest) {
      this.#largest = size;
      this.#jump = `at ${textOf(openTs)} the price jumps from ${this.#lastClose} to ${open}`;
    }
    if (!(size >= MAX_JUMP)) return undefined;
    return (
      `at ${textOf(openTs)} the price jumps from ${this.#lastClose} to ${open}, as after a split or in a file of ` +
      'two markets; cut the file there and play the parts one by one'
    );
  }
}

/** So many equal distances are no accident of gaps. */
const MANY = 10;

/**
 * The interval of candles, ms: the longest that fits all of them, and is at most their shortest distance. A text with the problem for
 * candles of an interval that is not played.
 */
export function intervalOf(openTs: Float64Array): number | string {
  let [shortest, times] = [Number.POSITIVE_INFINITY, 0];
  for (let at = 1; at < openTs.length; at += 1) {
    const distance = (openTs[at] ?? Number.NaN) - (openTs[at - 1] ?? Number.NaN);
    if (distance < shortest) [shortest, times] = [distance, 1];
    else if (distance === shortest) times += 1;
  }
  if (times === 0) return MINUTE_MS;
  const known = KlineInterval.options.map((interval) => KLINE_INTERVAL_MS[interval]);
  if (!known.includes(shortest) && times >= MANY)
    return `its candles are ${shortest / MINUTE_MS} minutes apart; played are ${KlineInterval.options.join(', ')}`;
  const fits = known.filter((length) => length <= shortest && openTs.every((ts) => ts % length === 0));
  return fits.at(-1) ?? MINUTE_MS;
}

const textOf = (ts: number): string => new Date(ts).toISOString();
