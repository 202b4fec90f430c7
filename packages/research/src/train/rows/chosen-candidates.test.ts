import { expect, test } from 'vitest';
import { ChosenCandidates } from './chosen-candidates.ts';

const at = (timestamp: number, symbol = 'BTCUSDT') => ({ symbol, timestamp, gates: [] });

test('takes at most one candidate of a symbol in the distance', () => {
  const chosen = new ChosenCandidates(900);
  const takes = [at(0), at(899), at(899, 'ETHUSDT'), at(900), at(1_799), at(1_800)].map((each) => chosen.take(each));
  expect(takes).toEqual([true, false, true, true, false, true]);
});

test('leaves out what the costs refuse; it takes no place', () => {
  const chosen = new ChosenCandidates(900);
  const refusedBy = (gate: 'SPREAD' | 'TARGET' | 'REASON') => ({
    ...at(0),
    gates: [{ gate, outcome: 'REFUSED' as const }],
  });
  expect(chosen.take(refusedBy('SPREAD'))).toBe(false);
  expect(chosen.take(refusedBy('TARGET'))).toBe(false);
  expect(chosen.take(refusedBy('REASON'))).toBe(true);
});
