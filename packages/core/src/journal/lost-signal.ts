import type { Execution } from '@helios/shared/domain/execution.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';

/** Rebuilds a lost signal from its answers; undefined if they name no price, so that no money depends on it. */
export function lostSignalOf(answers: readonly Execution[]): TradingSignal | undefined {
  const [first] = answers;
  const price = answers.map(priceIn).find((known) => known !== undefined);
  if (first === undefined || price === undefined) return undefined;
  const { signal_id, run, symbol, side, purpose, ts_event, ts_init } = first;
  return {
    signal_id,
    run,
    symbol,
    direction: purpose === 'ENTRY' ? side : `EXIT_${side}`,
    timestamp: ts_event,
    ts_init,
    confidence: 0,
    nobi_value: 0,
    entry_price: price,
    reason: 'the signal was lost, rebuilt from the answers to it',
    model: 'none',
    origin: 'ENGINE',
  };
}

function priceIn(answer: Execution): number | undefined {
  if ('fill' in answer) return answer.fill.price;
  return answer.answer === 'OPEN' ? answer.order.price : undefined;
}
