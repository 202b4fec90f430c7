import type { GateResult } from '@helios/shared/domain/signal.ts';
import { expect, test } from 'vitest';
import type { PathRecord } from '../path-records.ts';
import { differenceOf } from './record-difference.ts';

type Outcome = GateResult['outcome'];

function signalWith(outcome: Outcome): PathRecord {
  const gates = [{ gate: 'EDGE_VS_COST', outcome }];
  const content = { symbol: 'BTCUSDT', gates } as unknown as PathRecord['content'];
  return { kind: 'SIGNAL', id: 'a', ts: 1, frame: 1, symbol: 'BTCUSDT', content };
}

test.each<[Outcome, Outcome, boolean]>([
  ['OBSERVED', 'NOT_WARM', true],
  ['PASSED', 'OBSERVED', true],
  ['REFUSED', 'NOT_WARM', false],
  ['OBSERVED', 'REFUSED', false],
  ['PASSED', 'NOT_WARM', false],
])('an entry with %s and %s: only a figure differs %s', (ours, other, isFigure) => {
  const difference = differenceOf(signalWith(ours), signalWith(other), ['whole', 'late']);
  expect(difference).toMatchObject({ isFigure, what: 'gate EDGE_VS_COST' });
});

test('the order flow is a figure: a late start may not know it yet', () => {
  const whole = signalWith('PASSED');
  const shown = { ...whole, content: { ...whole.content, order_flow: 1.5 } as unknown as PathRecord['content'] };
  const difference = differenceOf(shown, whole, ['whole', 'late']);
  expect(difference).toMatchObject({ isFigure: true, what: 'order_flow' });
});
