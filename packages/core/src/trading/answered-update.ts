import type { Execution } from '@helios/shared/domain/execution.ts';
import type { PositionUpdate } from '@helios/shared/domain/position.ts';
import type { Simulator } from './simulator-port.ts';

/** The update of a symbol: its open positions and orders, and those of `executions` that answer its signals. */
export function answeredUpdate(
  simulator: Pick<Simulator, 'positionUpdate'>,
  symbol: string,
  executions: readonly Execution[],
  nowMs: number,
): PositionUpdate {
  const answers = executions.filter((execution) => execution.symbol === symbol);
  const update = simulator.positionUpdate(symbol, nowMs);
  return answers.length === 0 ? update : { ...update, executions: answers };
}
