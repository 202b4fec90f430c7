import { Channels, Records } from '@helios/shared/contracts/catalog.ts';
import type { FleetState } from '@helios/shared/domain/fleet.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';
import type { LivePath } from './live-path.ts';

interface ReaderOptions {
  readonly bus: Bus<'execution-manager'>;
  readonly run: string;
  readonly path: LivePath;
  /** Called when entries become possible. */
  readonly onActive: () => void;
}

/** Passes the trading state of this run to live trading. Until it is known, live trading enters nothing. */
export class TradingStateReader {
  readonly #options: ReaderOptions;
  #current: FleetState | undefined;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** Subscribes to changes, then reads the present state. @throws BusUnavailable */
  async start(): Promise<void> {
    const { bus } = this.#options;
    await bus.subscribe(Channels.fleetStateChanges, (state) => this.#take(state));
    await this.#read();
  }

  /** Reads the state again: a lost message must not leave an old state in force. */
  async look(): Promise<void> {
    await skipWhileAway(() => this.#read());
  }

  /** When the flatten under way began; undefined without one. */
  get flattenTs(): number | undefined {
    return this.#current?.flattening === true ? this.#current.changed_ts : undefined;
  }

  async #read(): Promise<void> {
    const state = await this.#options.bus.getRecord(Records.fleetState);
    if (state !== undefined) this.#take(state);
  }

  #take(state: FleetState): void {
    const { run, path, onActive } = this.#options;
    if (state.run !== run) return;
    const before = this.#current;
    if (before !== undefined && state.changed_ts <= before.changed_ts) return;
    this.#current = state;
    path.act((trading, nowMs) => trading.onTradingState(state.state, state.flattening === true, nowMs));
    if (state.state === 'ACTIVE' && before?.state !== 'ACTIVE') onActive();
  }
}
