import type { Execution } from '@helios/shared/domain/execution.ts';
import type { AssessedEntry } from '@helios/shared/domain/order.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { isOldSignal } from './drive-orders.ts';
import { entryBlock } from './entry-checks.ts';
import { denialAnswer, endAnswer } from './live-answers.ts';
import type { LiveParts } from './live-parts.ts';
import type { ParentEnd, ParentOrder } from './parent-order.ts';

/** The final answer to an entry that is not executed; undefined if it is. */
export function refusedEntry(parts: LiveParts, { signal }: AssessedEntry, nowMs: number): Execution | undefined {
  if (isOldSignal(parts.context, signal, nowMs)) {
    const end = { answer: 'EXPIRED', reason: 'the decision was too old when it arrived' } as const;
    return endAnswer({ signal, isOwnSignal: false, receivedTs: nowMs }, end, nowMs);
  }
  const block = entryBlock(parts, parts.conditions, signal.symbol, nowMs);
  return block && denialAnswer(signal, { code: block.code, value: 0, limit: 0 }, nowMs);
}

/** Lets an entry wait until leverage and margin mode of its symbol are set. */
export function holdUntilReady({ readiness }: LiveParts, parent: ParentOrder, nowMs: number): void {
  if (readiness.isReady(parent.symbol)) return;
  parent.waitUntilMs = Number.POSITIVE_INFINITY;
  readiness.prepare(parent.symbol, nowMs);
}

/** The final answer to an exit that is not executed. */
export function refusedExit(
  signal: TradingSignal,
  { isOpen, isBusy }: { readonly isOpen: boolean; readonly isBusy: boolean },
  nowMs: number,
): Execution {
  if (!isOpen) return denialAnswer(signal, { code: 'NO_POSITION', value: 0, limit: 1 }, nowMs);
  const end: ParentEnd = isBusy
    ? { answer: 'CANCELLED', reason: 'another exit of the position is under way' }
    : { answer: 'EXPIRED', reason: 'the decision was too old when it arrived' };
  return endAnswer({ signal, isOwnSignal: false, receivedTs: nowMs }, end, nowMs);
}
