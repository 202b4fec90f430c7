import { writeFileSync } from 'node:fs';
import { Rng } from '@helios/synthetic-market/rng.ts';

const MINUTE_MS = 60_000;
const START_TS = Date.UTC(2026, 0, 1);
/** Deviation of a minute, basis points. */
const NOISE_BP = 5;

export interface MadeCandles {
  readonly file: string;
  readonly seed: number;
  readonly days: number;
  /** Drift of each of the ten minutes after a minute whose takers are nearly all on one side, in their direction; basis points. */
  readonly edgeBp: number;
  /** Days after which nothing foretells anything any more; by default never. */
  readonly edgeDays?: number;
}

const DRIFT_MINUTES = 10;
/** Share of takers on one side from which on the drift follows. It makes an imbalance of 0.9 × (2 × 0.85 − 1) = 0.63. */
const STRONG_SHARE = 0.85;
/** One of so many minutes is strong. */
const STRONG_EVERY = 30;

/** Writes candles of a random walk, with takers that foretell nothing unless `edgeBp` is above 0. The same seed writes the same file. */
export function writeCandles({ file, seed, days, edgeBp, edgeDays = days }: MadeCandles): void {
  const rng = new Rng(`candles:${seed}`);
  const rows: string[] = [];
  let [log, drift, left] = [Math.log(100), 0, 0];
  for (let n = 0; n < days * 1_440; n += 1) {
    const open = Math.exp(log);
    log += (NOISE_BP * rng.normal() + (left > 0 && n < edgeDays * 1_440 ? drift : 0)) * 1e-4;
    left -= 1;
    const close = Math.exp(log);
    const reach = () => Math.abs(rng.normal()) * NOISE_BP * 0.5e-4;
    const high = Math.max(open, close) * (1 + reach());
    const low = Math.min(open, close) * (1 - reach());
    const isStrong = rng.below(STRONG_EVERY) === 0;
    const strong = isStrong ? rng.between(STRONG_SHARE, 0.98) : rng.between(0.5, STRONG_SHARE - 0.02);
    const isBuying = rng.uniform() < 0.5;
    if (isStrong) [drift, left] = [isBuying ? edgeBp : -edgeBp, DRIFT_MINUTES];
    const volume = 30_000 * rng.logNormal(0.2);
    const bought = volume * (isBuying ? strong : 1 - strong);
    const openTs = START_TS + n * MINUTE_MS;
    const prices = [open, high, low, close].map((price) => price.toFixed(2));
    rows.push(
      [
        openTs,
        ...prices,
        volume.toFixed(1),
        openTs + MINUTE_MS - 1,
        (volume * open).toFixed(1),
        100,
        bought.toFixed(1),
        0,
        0,
      ].join(','),
    );
  }
  writeFileSync(file, `${rows.join('\n')}\n`);
}
