import { expect, test } from 'vitest';
import { LiveOutbox } from './live-outbox.ts';
import { SymbolReadiness } from './symbol-readiness.ts';

const SYMBOL = 'BTCUSDT';
const refused = { kind: 'SYMBOL_REFUSED', symbol: SYMBOL, detail: 'no' } as const;

test('a symbol that the venue refuses takes no entry for a minute', () => {
  const readiness = new SymbolReadiness(new LiveOutbox());
  readiness.onRefused(refused, 1_000);
  expect(readiness.refusal(SYMBOL, 60_999)).toBe('no');
  expect(readiness.refusal(SYMBOL, 61_000)).toBeUndefined();
});

test('without an answer it is asked for again after five seconds', () => {
  const readiness = new SymbolReadiness(new LiveOutbox());
  readiness.onRefused({ ...refused, isUnanswered: true }, 1_000);
  expect(readiness.refusal(SYMBOL, 5_999)).toBe('no');
  expect(readiness.refusal(SYMBOL, 6_000)).toBeUndefined();
});
