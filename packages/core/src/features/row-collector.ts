import type { RowPart } from '@helios/shared/domain/row-part.ts';
import type { TrainingRow } from '@helios/shared/domain/training-row.ts';
import { sixDigits } from '../price/significant-digits.ts';

/** More candidates than this do not wait for their outcome: the oldest is dropped. */
const MAX_WAITING = 5_000;

/** An exit that rests at the best price first, or waits for the next book, comes at most so long after the horizon, ms. */
const MAX_LATE_MS = 120_000;

type PartOf<K extends RowPart['kind']> = Extract<RowPart, { kind: K }>;

interface Waiting {
  candidate?: PartOf<'CANDIDATE'>;
  outcome?: PartOf<'OUTCOME'>;
  move?: PartOf<'MOVE'>;
}

/**
 * Joins candidates with what became of them. An outcome comes after its candidate; a move may come before it. A part that comes twice
 * changes nothing, but may complete the same row twice.
 */
export class RowCollector {
  readonly #waiting = new Map<string, Waiting>();

  /** Takes a part; returns the row that it completes. */
  add(part: RowPart | undefined): TrainingRow | undefined {
    if (part === undefined) return undefined;
    const { id } = part;
    const waiting = this.#waiting.get(id);
    if (part.kind === 'DROPPED' || (part.kind === 'OUTCOME' && waiting?.candidate === undefined)) {
      if (part.kind === 'DROPPED') this.#waiting.delete(id);
      return undefined;
    }
    const known = waiting ?? {};
    if (part.kind === 'CANDIDATE') known.candidate = part;
    else if (part.kind === 'OUTCOME') known.outcome = part;
    else known.move = part;
    const { candidate, outcome, move } = known;
    if (candidate === undefined || outcome === undefined || move === undefined) {
      this.#wait(id, known);
      return undefined;
    }
    this.#waiting.delete(id);
    return isNotItsOwn(outcome, move) ? undefined : rowOf(candidate, outcome, move);
  }

  /** The parts of incomplete rows, in the order of their candidates. */
  parts(): RowPart[] {
    return [...this.#waiting.values()].flatMap(({ candidate, outcome, move }) =>
      [candidate, outcome, move].filter((part) => part !== undefined),
    );
  }

  #wait(id: string, known: Waiting): void {
    this.#waiting.set(id, known);
    if (this.#waiting.size <= MAX_WAITING) return;
    const [oldest] = this.#waiting.keys();
    if (oldest !== undefined) this.#waiting.delete(oldest);
  }
}

/**
 * An outcome that says nothing about its own barriers: a session that ended closed it, a follow-up made room for another one before its
 * time, or it closed so long after its horizon that a gap of the data lies between.
 */
function isNotItsOwn({ exit_reason, exit_ts }: PartOf<'OUTCOME'>, { end_ts }: PartOf<'MOVE'>): boolean {
  if (exit_reason === 'SESSION_END' || exit_ts > end_ts + MAX_LATE_MS) return true;
  return exit_reason === 'TIME_EXIT' && exit_ts < end_ts;
}

function rowOf(
  { kind: _, features, ...candidate }: PartOf<'CANDIDATE'>,
  { gross_bp, net_bp, exit_reason, exit_ts }: PartOf<'OUTCOME'>,
  { best_bp, worst_bp, end_ts }: PartOf<'MOVE'>,
): TrainingRow {
  return {
    ...candidate,
    end_ts: Math.max(end_ts, exit_ts),
    feature_set: features.set,
    features: features.values,
    ...(features.sequence && { sequence: features.sequence }),
    ...{ net_bp, gross_bp, cost_bp: sixDigits(gross_bp - net_bp), best_bp, worst_bp, exit_reason },
  };
}
