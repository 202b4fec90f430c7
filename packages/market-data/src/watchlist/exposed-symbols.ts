import { Maps } from '@helios/shared/contracts/catalog.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import type { Ingestor } from '../publish/publisher.ts';

/**
 * Symbols of this run with an open position or a resting order.
 * @throws BusUnavailable while Redis cannot be reached.
 */
export async function readExposedSymbols<P extends Ingestor>(bus: Bus<P>, run: string): Promise<ReadonlySet<string>> {
  // Every ingestor has the rights of `Ingestor`; the compiler cannot derive that from `P`.
  const reader = bus as unknown as Bus<Ingestor>;
  const [positions, orders] = await Promise.all([reader.getMap(Maps.openPositions), reader.getMap(Maps.openOrders)]);
  const open = [...Object.values(positions), ...Object.values(orders)];
  return new Set(open.filter((one) => one.run === run).map(({ symbol }) => symbol));
}
