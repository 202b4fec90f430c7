import { FEATURE_NAMES, FEATURE_SET, SEQUENCE } from '@helios/shared/domain/features.ts';
import type { TrainingRow } from '@helios/shared/domain/training-row.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';

/** Rows whose outcome follows what is planted in them, or nothing. */
export interface MadeRows {
  readonly count: number;
  readonly seed: number;
  /** Part of the outcome that the feature `return_60m` explains, in deviations of the noise. */
  readonly edge?: number;
  /** The same of the mean of the sequence's last `return` minutes. */
  readonly sequenceEdge?: number;
  /** Part of the logarithm of the move that `volatility_60m` explains. */
  readonly moveEdge?: number;
  readonly withSequence?: boolean;
}

const START_TS = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const SYMBOLS = ['AAAUSDT', 'BBBUSDT', 'CCCUSDT'] as const;
const NOISE_BP = 40;
const COST_BP = 8;
const EDGE_FEATURE = FEATURE_NAMES.indexOf('return_60m');
const MOVE_FEATURE = FEATURE_NAMES.indexOf('volatility_60m');

/** Makes rows of three symbols, one an hour and symbol, each with an outcome after half an hour. The same seed makes the same rows. */
export function madeRows(made: MadeRows): TrainingRow[] {
  const rng = new Rng(`rows:${made.seed}`);
  return Array.from({ length: made.count }, (_, n) => madeRow(made, n, rng));
}

function madeRow(
  { edge = 0, sequenceEdge = 0, moveEdge = 0, withSequence = false }: MadeRows,
  n: number,
  rng: Rng,
): TrainingRow {
  const features = FEATURE_NAMES.map(() => rounded(rng.normal()));
  const sequence = Array.from({ length: SEQUENCE.rows }, () => SEQUENCE.columns.map(() => rounded(rng.normal())));
  const recent = sequence.slice(-8).reduce((sum, row) => sum + (row[0] ?? 0), 0) / Math.sqrt(8);
  const signal = edge * (features[EDGE_FEATURE] ?? 0) + sequenceEdge * recent;
  const gross = NOISE_BP * (signal + rng.normal());
  const reach = Math.exp(moveEdge * (features[MOVE_FEATURE] ?? 0) + 0.3 * rng.normal()) * NOISE_BP;
  const ts = START_TS + Math.floor(n / SYMBOLS.length) * HOUR_MS;
  return {
    ...{
      id: `made-${n}`,
      symbol: SYMBOLS[n % SYMBOLS.length] ?? SYMBOLS[0],
      side: 'LONG',
      ts,
      end_ts: ts + HOUR_MS / 2,
    },
    ...{ feature_set: FEATURE_SET, features, ...(withSequence && { sequence }) },
    ...{ net_bp: gross - COST_BP, gross_bp: gross, cost_bp: COST_BP, best_bp: reach, worst_bp: -reach / 2 },
    ...{ exit_reason: gross > 0 ? 'TAKE_PROFIT' : 'STOP_LOSS', reason: 'ENTERED', taken: true },
  };
}

const rounded = (value: number) => Number(value.toFixed(4));
