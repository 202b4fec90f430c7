import { Channels, Maps, Rankings, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { FleetState } from '@helios/shared/domain/fleet.ts';
import type { AssessedEntry } from '@helios/shared/domain/order.ts';
import type { Side, TradingSignal } from '@helios/shared/domain/signal.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { aSignal } from '@helios/shared/testing/builders.ts';
import type { FakeRedisWithBuses } from '@helios/shared/testing/fake-bus.ts';
import type { TrueVenue } from './true-venue.ts';

export const RUN = 'live:testnet:custom:test';
const PRICES_MS = 200;

/** What an entry or exit of a test asks for. */
export interface TestEntry {
  readonly symbol?: string;
  readonly side?: Side;
  readonly quantity?: number;
  /** Distance of the stop, percent of the price. */
  readonly stopPct?: number;
  /** Age of its signal when it is sent. */
  readonly ageMs?: number;
  /** Other fields of the signal. */
  readonly signal?: Partial<TradingSignal>;
}

interface Dependencies {
  readonly venue: TrueVenue;
  readonly fake: FakeRedisWithBuses;
  readonly symbols: readonly string[];
  readonly leverage: number;
}

/** Plays signal-engine, risk-manager and data-ingestor for execution-manager. */
export class OtherServices {
  /** Ids of all signals sent. */
  readonly signals: string[] = [];
  readonly #venue: TrueVenue;
  readonly #symbols: readonly string[];
  readonly #leverage: number;
  readonly #engine;
  readonly #risk;
  readonly #ingestor;
  #pump: NodeJS.Timeout | undefined;
  #changedTs = 0;

  constructor({ venue, fake, symbols, leverage }: Dependencies) {
    this.#venue = venue;
    this.#symbols = symbols;
    this.#leverage = leverage;
    this.#engine = fake.bus('signal-engine');
    this.#risk = fake.bus('risk-manager');
    this.#ingestor = fake.bus('data-ingestor');
  }

  /** Tells the watchlist with its instruments, and then the prices until `stop`. */
  async start(): Promise<void> {
    const listed = await this.#venue.listed();
    await this.#ingestor.write((batch) => {
      for (const { symbol, filters } of listed) {
        if (!this.#symbols.includes(symbol)) continue;
        const of = (type: string) => filters.find(({ filterType }) => filterType === type);
        batch.setField(Maps.instruments, symbol, {
          symbol,
          tick_size: of('PRICE_FILTER')?.tickSize ?? '0.1',
          step_size: of('LOT_SIZE')?.stepSize ?? '0.001',
          min_notional: of('MIN_NOTIONAL')?.notional ?? '5',
        });
      }
      batch.setRanking(Rankings.watchlist, Object.fromEntries(this.#symbols.map((symbol) => [symbol, 1])));
    });
    this.#pump = setInterval(() => void this.#tellPrices(), PRICES_MS);
  }

  stop(): void {
    clearInterval(this.#pump);
  }

  async tradingState(state: FleetState['state'], flattening = false): Promise<void> {
    this.#changedTs = Math.max(Date.now(), this.#changedTs + 1);
    const changed_ts = this.#changedTs;
    const fleetState = { state, reason: 'a test', changed_ts, run: RUN, flattening, applied_commands: [] };
    await this.#engine.write((batch) => {
      batch.setRecord(Records.fleetState, fleetState);
      batch.publish(Channels.fleetStateChanges, fleetState);
    });
  }

  /** risk-manager allows an entry. Resolves with its signal id. */
  async enter(wanted: TestEntry = {}): Promise<string> {
    const { symbol = 'BTCUSDT', side = 'LONG', quantity = 0.01, stopPct = 1, ageMs = 0 } = wanted;
    const price = await this.#venue.price(symbol);
    const sign = side === 'LONG' ? 1 : -1;
    const stop_loss = Number((price * (1 - (sign * stopPct) / 100)).toFixed(1));
    const signal = this.#signal({ symbol, direction: side, stop_loss, ...wanted.signal }, price, ageMs);
    const action = side === 'LONG' ? 'BUY' : 'SELL';
    const entry: AssessedEntry = {
      intent: {
        ...{ run: RUN, signal_id: signal.signal_id, symbol, side, purpose: 'ENTRY', action, order_type: 'MARKET' },
        ...{ quantity, reduce_only: false, leverage: this.#leverage, stop_loss },
      },
      ...{ signal, rules: [], ts_init: Date.now() },
    };
    await this.#risk.write((batch) => batch.append(Streams.orderIntents, entry));
    return signal.signal_id;
  }

  /** signal-engine wants to leave. Resolves with the signal id. */
  async exit({ symbol = 'BTCUSDT', side = 'LONG', ...wanted }: TestEntry = {}): Promise<string> {
    const direction = side === 'LONG' ? 'EXIT_LONG' : 'EXIT_SHORT';
    const price = await this.#venue.price(symbol);
    const signal = this.#signal({ symbol, direction, exit_reason: 'TIME_EXIT', ...wanted.signal }, price);
    await this.#engine.write((batch) => batch.append(Streams.signals, signal));
    return signal.signal_id;
  }

  #signal(fields: Partial<TradingSignal>, price: number, ageMs = 0): TradingSignal {
    const sentTs = Date.now() - ageMs;
    const signal = aSignal({
      ...{ run: RUN, signal_id: `test-${this.signals.length + 1}`, timestamp: sentTs, ts_init: sentTs },
      ...{ entry_price: price, quote: { bid: price, ask: price }, ...fields },
    });
    this.signals.push(signal.signal_id);
    return signal;
  }

  async #tellPrices(): Promise<void> {
    for (const symbol of this.#symbols) {
      const mark_price = String(await this.#venue.price(symbol));
      const now = Date.now();
      const event = { type: 'mark', symbol, ts_event: now, ts_init: now, mark_price } as const;
      await this.#ingestor
        .write((batch) => batch.publish(Channels.markPrices, event, { symbol }))
        .catch((error: unknown) => {
          // A test took Redis away.
          if (!(error instanceof BusUnavailable)) throw error;
        });
    }
  }
}
