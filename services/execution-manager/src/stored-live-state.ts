import type { LiveState } from '@helios/core/live/live-trading.ts';
import { Maps, Streams } from '@helios/shared/contracts/catalog.ts';
import { isFinal } from '@helios/shared/domain/execution.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';

/** More than a stream can hold of messages that were answered but not acknowledged. */
const ANSWERS_READ = 2_000;

/** Reads what an earlier process of this run stored. @throws BusUnavailable */
export async function readLiveState(bus: Bus<'execution-manager'>, run: string): Promise<LiveState> {
  const [positions, orders, executions] = await Promise.all([
    bus.getMap(Maps.openPositions),
    bus.getMap(Maps.openOrders),
    bus.getLatest(Streams.executions, ANSWERS_READ),
  ]);
  const isOurs = (record: { readonly run: string }): boolean => record.run === run;
  const final = executions.filter((execution) => isOurs(execution) && isFinal(execution.answer));
  return {
    positions: Object.values(positions).filter(isOurs),
    orders: Object.values(orders).filter(isOurs),
    answered: final.map(({ signal_id }) => signal_id),
  };
}
