import type { SignedRest } from '../rest/signed-rest.ts';
import type { CommandQueue } from './command-queue.ts';
import type { DeadMansSwitch } from './dead-mans-switch.ts';
import type { FeeConverter } from './fee-converter.ts';
import { readFeePrices } from './fee-prices.ts';
import type { LiveVenueOptions } from './live-venue-options.ts';
import type { SignedClock } from './signed-clock.ts';
import type { SymbolStatusReader } from './symbol-status-reader.ts';

const HOUSEKEEPING_MS = 250;
/** How often the venue's clock and the prices of other assets are read. */
const READ_EVERY_MS = 60_000;

interface House extends Pick<LiveVenueOptions, 'now' | 'wait' | 'stop' | 'log'> {
  readonly clock: SignedClock;
  readonly fees: FeeConverter;
  readonly rest: SignedRest;
  readonly statuses: SymbolStatusReader;
  readonly queue: CommandQueue;
  /** Symbols that this process traded or saw. */
  readonly symbols: ReadonlySet<string>;
  readonly deadMansSwitch: DeadMansSwitch | undefined;
  /** True while the venue takes no request. */
  readonly isBlocked: () => boolean;
}

/** Reads the venue's clock, prices and symbol statuses again and again, and renews the dead man's switch. Resolves when stopped. */
export async function keepHouse(house: House): Promise<void> {
  const { now, wait, stop, log, clock, fees, rest, deadMansSwitch, isBlocked } = house;
  let readTs = Number.NEGATIVE_INFINITY;
  while (!stop.aborted) {
    if (Math.abs(now() - readTs) >= READ_EVERY_MS) {
      readTs = now();
      if (!isBlocked()) await clock.read();
      await readFeePrices({ fees, rest, log, isBlocked });
    }
    readStatuses(house, now());
    await deadMansSwitch?.onTimer(now());
    await wait(HOUSEKEEPING_MS);
  }
}

function readStatuses({ statuses, queue, symbols, isBlocked }: House, nowMs: number): void {
  if (isBlocked() || !statuses.isDue(symbols, nowMs)) return;
  queue.add('SYMBOL_STATUS', () => statuses.read(symbols, nowMs));
}
