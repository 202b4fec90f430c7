import { Execution, isFinal } from '@helios/shared/domain/execution.ts';
import { expect } from 'vitest';

/** Each signal has one final answer, its last; one whose order still rests has none. No two answers share an id. */
export function checkAnswers(
  executions: readonly Execution[],
  signalIds: readonly string[],
  resting: readonly string[],
): void {
  const ids = executions.map(({ execution_id }) => execution_id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(executions.filter(({ signal_id }) => !signalIds.includes(signal_id))).toEqual([]);
  for (const signalId of signalIds) {
    const answers = executions.flatMap((one) => (one.signal_id === signalId ? Execution.parse(one).answer : []));
    const rests = resting.includes(signalId);
    expect(answers.filter(isFinal), `${signalId}: ${answers}`).toHaveLength(rests ? 0 : 1);
    expect(isFinal(answers.at(-1) ?? 'OPEN'), `${signalId}: ${answers}`).toBe(!rests);
  }
}
