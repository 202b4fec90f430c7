import { Channels, Maps } from '@helios/shared/contracts/catalog.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { BusFault } from '@helios/shared/runtime/errors.ts';

interface Publication {
  readonly bus: Bus<'decision-logger'>;
  readonly run: string;
  /** Market time, epoch ms. */
  readonly marketNow: () => number;
}

/** Publishes that these symbols have no positions or orders. @throws BusUnavailable */
export async function publishClosed({ bus, run, marketNow }: Publication, symbols: readonly string[]): Promise<void> {
  if (symbols.length === 0) return;
  await bus.write((batch) => {
    for (const symbol of symbols) {
      batch.publish(Channels.positionUpdates, { run, symbol, ts_event: marketNow(), positions: [], orders: [] });
    }
  });
}

/**
 * Symbols with a position or order in Redis but not in the ledger: the ledger was restored or started again. @throws
 * BusUnavailable
 */
export async function symbolsShownOnly(bus: Bus<'decision-logger'>, held: readonly string[]): Promise<string[]> {
  try {
    const [positions, orders] = await Promise.all([bus.getMap(Maps.openPositions), bus.getMap(Maps.openOrders)]);
    const shown = [...Object.values(positions), ...Object.values(orders)].map(({ symbol }) => symbol);
    return [...new Set(shown)].filter((symbol) => !held.includes(symbol));
  } catch (error) {
    // A key of another type shows no position, and the projection will replace it.
    if (error instanceof BusFault) return [];
    throw error;
  }
}
