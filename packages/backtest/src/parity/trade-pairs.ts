import { type Execution, isFinal } from '@helios/shared/domain/execution.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import { isExit, type TradingSignal } from '@helios/shared/domain/signal.ts';
import type { RunRecord } from './run-record.ts';

/** What became of an entry signal in one run. */
export interface EntryFate {
  readonly answer: Execution;
  /** Undefined if nothing was filled. */
  readonly trade: ClosedTrade | undefined;
}

/** An entry signal that both runs decided, with its fate in each. */
export interface TradePair {
  readonly signal: TradingSignal;
  readonly live: EntryFate | undefined;
  readonly paper: EntryFate | undefined;
}

/** The entry signals of both runs in order. One that only one run decided is no pair: its decision differs already. */
export function tradePairs(live: RunRecord, paper: RunRecord): readonly TradePair[] {
  const [ours, theirs] = [fatesIn(live), fatesIn(paper)];
  const decided = new Set(paper.signals.map(({ signal_id }) => signal_id));
  return live.signals.flatMap((signal): TradePair[] => {
    const { signal_id, direction } = signal;
    if (isExit(direction) || !decided.has(signal_id)) return [];
    return [{ signal, live: ours.get(signal_id), paper: theirs.get(signal_id) }];
  });
}

function fatesIn({ executions, trades }: RunRecord): ReadonlyMap<string, EntryFate> {
  const tradeOf = new Map(trades.map((trade) => [trade.entry_signal_id, trade]));
  const finals = executions.filter(({ answer, purpose }) => purpose === 'ENTRY' && isFinal(answer));
  return new Map(finals.map((answer) => [answer.signal_id, { answer, trade: tradeOf.get(answer.signal_id) }] as const));
}
