import type { Decision } from '@helios/shared/domain/decision.ts';
import type { ExitReason, TradingSignal } from '@helios/shared/domain/signal.ts';
import type { RootDifference } from './difference.ts';
import type { RunRecord } from './run-record.ts';

/** Exits that live trading decides itself, or the venue: they are compared as legs of their trades. */
const DECIDED_OUTSIDE: readonly (ExitReason | undefined)[] = [
  'STOP_LOSS',
  'TRAILING_STOP',
  'OPERATOR',
  'LIQUIDATION',
  'MARGIN_CRITICAL',
];

/** One decision of the strategy, in the live run, the paper run or both. */
export interface DecisionRow {
  readonly id: string;
  readonly kind: 'SIGNAL' | 'REFUSAL';
  readonly symbol: string;
  /** Market time, epoch ms. */
  readonly ts: number;
  readonly cause: 'EQUAL' | 'POSITION' | 'UNEXPLAINED';
  readonly detail: string;
}

interface Decided {
  readonly kind: DecisionRow['kind'];
  readonly symbol: string;
  readonly ts: number;
  /** Everything that was decided, as text. */
  readonly body: string;
  /** The same without the time since the last entry, which a passed cooldown shows: it outlives a position. */
  readonly essence: string;
}

interface Compared {
  readonly live: RunRecord & { readonly witnessed: Pick<RunRecord, 'signals' | 'refusals'> };
  readonly paper: Pick<RunRecord, 'signals' | 'refusals'>;
  /** Differences of fills, which change positions and account. */
  readonly roots: readonly RootDifference[];
  /** When both runs began last without positions, epoch ms: no earlier difference explains a decision. */
  readonly since: (ts: number) => number;
}

/**
 * Compares the decisions of the strategy one by one. A difference is proven to come from other positions if two things hold: the witness,
 * which is the paper run's strategy with the live account's positions, decided as the live run did; and a fill differed before.
 */
export function compareDecisions({ live, paper, roots, since }: Compared): readonly DecisionRow[] {
  const [ours, witnessed, theirs] = [decidedIn(live), decidedIn(live.witnessed), decidedIn(paper)];
  const ids = new Set([...ours.keys(), ...witnessed.keys(), ...theirs.keys()]);
  const rows = [...ids].flatMap((id): DecisionRow[] => {
    const [one, witness, other] = [ours.get(id), witnessed.get(id), theirs.get(id)];
    const known = one ?? other ?? witness;
    if (known === undefined) return [];
    const { kind, symbol, ts } = known;
    const earlier = roots.findLast((root) => root.ts <= ts && root.ts >= since(ts));
    return [{ id, kind, symbol, ts, ...judge({ one, witness, other }, earlier) }];
  });
  return rows.toSorted((a, b) => a.ts - b.ts);
}

interface Versions {
  readonly one: Decided | undefined;
  readonly witness: Decided | undefined;
  readonly other: Decided | undefined;
}

function judge({ one, witness, other }: Versions, root: RootDifference | undefined) {
  if (one?.body !== witness?.body) {
    const detail = 'with the same market and positions the strategy of the paper run decides otherwise';
    return { cause: 'UNEXPLAINED' as const, detail };
  }
  if (one?.essence === other?.essence) return { cause: 'EQUAL' as const, detail: '' };
  const what = one === undefined ? 'in the paper run only' : other === undefined ? 'in the live run only' : 'differs';
  if (root === undefined) return { cause: 'UNEXPLAINED' as const, detail: `${what}, and no fill differed before` };
  return { cause: 'POSITION' as const, detail: `${what}, after ${root.cause} of ${root.id}` };
}

function decidedIn({ signals, refusals }: Pick<RunRecord, 'signals' | 'refusals'>): ReadonlyMap<string, Decided> {
  const own = signals.filter(({ exit_reason }) => !DECIDED_OUTSIDE.includes(exit_reason));
  return new Map([
    ...own.map((signal): [string, Decided] => [signal.signal_id, ofSignal(signal)]),
    ...refusals.map((refusal): [string, Decided] => [refusal.decision_id, ofRefusal(refusal)]),
  ]);
}

function ofSignal({ symbol, timestamp: ts, gates, ...signal }: TradingSignal): Decided {
  const { direction, confidence, nobi_value, entry_price, exit_reason, stop_loss, take_profit, quote, model } = signal;
  const what = [direction, confidence, nobi_value, entry_price, exit_reason, stop_loss, take_profit, quote, model];
  return { kind: 'SIGNAL', symbol, ts, ...textsOf([ts, ...what], gates) };
}

function ofRefusal({ symbol, timestamp: ts, gates, ...refusal }: Decision): Decided {
  const { direction, confidence, nobi_value, entry_price, stop_loss, take_profit, refused_by, model } = refusal;
  const what = [direction, confidence, nobi_value, entry_price, stop_loss, take_profit, refused_by, model];
  return { kind: 'REFUSAL', symbol, ts, ...textsOf([ts, ...what], gates) };
}

function textsOf(what: readonly unknown[], gates: Decision['gates']): Pick<Decided, 'body' | 'essence'> {
  const lasting = gates?.map((gate) =>
    gate.gate === 'COOLDOWN' && gate.outcome === 'PASSED' ? { ...gate, value: undefined } : gate,
  );
  return { body: JSON.stringify([...what, gates]), essence: JSON.stringify([...what, lasting]) };
}
