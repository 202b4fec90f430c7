import { isDeepStrictEqual } from 'node:util';
import type { GateResult } from '@helios/shared/domain/signal.ts';
import type { PathRecord } from '../path-records.ts';

/** Where two runs differ about one record. */
export interface RecordDifference {
  readonly id: string;
  /** Market time, epoch ms. */
  readonly ts: number;
  /** Gate or field that differs, or the run that lacks the record. */
  readonly what: string;
  readonly detail: string;
  /** True if the decision is the same, and only figures that explain it differ. */
  readonly isFigure: boolean;
}

/** The fields that number events: they depend on where the data begin, and no decision reads them. */
const NUMBERS: ReadonlySet<string> = new Set(['seq', 'ts_init']);

/** Figures that explain a decision without being it. */
const FIGURES: ReadonlySet<string> = new Set(['confidence', 'nobi_value', 'order_flow', 'reason']);

/** The first difference of two records with the same id; undefined if they agree. Names of both runs are for the text. */
export function differenceOf(
  ours: PathRecord,
  other: PathRecord,
  names: readonly [string, string],
): RecordDifference | undefined {
  const [a, b] = [fieldsOf(ours), fieldsOf(other)];
  const isEqual = (key: string) =>
    key === 'gates'
      ? isDeepStrictEqual(gatesOf(a.get(key)), gatesOf(b.get(key)))
      : isDeepStrictEqual(a.get(key), b.get(key));
  const fields = [...new Set([...a.keys(), ...b.keys()])].filter((key) => !isEqual(key));
  const isFigure = fields.every((key) => FIGURES.has(key) || (key === 'gates' && isAlike(a.get(key), b.get(key))));
  const field = fields[0];
  if (field === undefined) return undefined;
  const at = { id: ours.id, ts: ours.ts, isFigure };
  const gate = field === 'gates' ? differentGate(a.get(field), b.get(field)) : undefined;
  const [what, left, right] = gate ?? [field, a.get(field), b.get(field)];
  return { ...at, what, detail: `${names[0]} ${shown(left)}, ${names[1]} ${shown(right)}` };
}

/** True if every gate has the same outcome, or one that only observes where both runs let the entry pass. */
function isAlike(a: unknown, b: unknown): boolean {
  const [ours, others] = [gatesOf(a), gatesOf(b)];
  if (ours.length !== others.length) return false;
  return ours.every((our, at) => {
    const other = others[at];
    if (other === undefined || our.gate !== other.gate) return false;
    const outcomes = [our.outcome, other.outcome];
    return our.outcome === other.outcome || (outcomes.includes('OBSERVED') && !outcomes.includes('REFUSED'));
  });
}

/** `gates` first: it tells most about a difference. */
function fieldsOf({ kind, content }: PathRecord): ReadonlyMap<string, unknown> {
  const fields = Object.entries(content).filter(([key]) => !NUMBERS.has(key));
  return new Map<string, unknown>([...fields.filter(([key]) => key === 'gates'), ['kind', kind], ...fields]);
}

function differentGate(a: unknown, b: unknown): readonly [string, unknown, unknown] | undefined {
  const [ours, others] = [gatesOf(a), gatesOf(b)];
  const length = Math.max(ours.length, others.length);
  const at = Array.from({ length }, (_, index) => index).find((i) => !isDeepStrictEqual(ours[i], others[i]));
  if (at === undefined) return undefined;
  return [`gate ${(ours[at] ?? others[at])?.gate}`, gateText(ours[at]), gateText(others[at])];
}

function gatesOf(gates: unknown): readonly GateResult[] {
  return Array.isArray(gates) ? (gates as readonly GateResult[]).map(comparable) : [];
}

/** BOOK_HISTORY shows how long the data have run: it differs by design, and only its outcome decides. */
function comparable(result: GateResult): GateResult {
  return result.gate === 'BOOK_HISTORY' ? { ...result, value: undefined } : result;
}

function gateText(result: GateResult | undefined): string {
  if (result === undefined) return 'did not reach it';
  const { outcome, value, limit } = result;
  return [outcome, value, limit === undefined ? undefined : `(limit ${limit})`]
    .filter((part) => part !== undefined)
    .join(' ');
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value);
}
