import type { Execution } from '@helios/shared/domain/execution.ts';
import type { AssessedEntry } from '@helios/shared/domain/order.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { aSignal, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { LiveTrading } from '../live/live-trading.ts';
import { ownShareOf } from '../live/own-share.ts';
import type { VenueCommand, VenueNews } from '../live/venue-port.ts';
import { FakeLiveVenue } from './fake-live-venue.ts';

const SYMBOL = 'BTCUSDT';
const RUN = 'live:test';
const MAX_ROUNDS = 1_000;
const INSTRUMENT = { symbol: SYMBOL, tick_size: '0.1', step_size: '0.001', min_qty: '0.001', min_notional: '5' };

/** Live trading on the fake venue, with a clock that the test moves. */
export class LiveHarness {
  readonly venue = new FakeLiveVenue();
  readonly executions: Execution[] = [];
  readonly commands: VenueCommand[] = [];
  #settings: Settings;
  trading: LiveTrading;
  nowMs = T0;
  /** News of the venue is held back until this is false. */
  isDeaf = false;
  /** News arrives twice, and the newest first. */
  isShuffled = false;
  /** Longest time that a position was without a stop of its size while the venue answered everything, ms. */
  maxBareMs = 0;
  #bareMs = 0;

  constructor(execution: Partial<Settings['execution']> = {}) {
    this.#settings = defaultSettings({ execution: { order_timeout_ms: 2_000, ...execution } });
    this.trading = this.#started();
  }

  /** Opens the user stream, compares the account and makes trading ACTIVE. */
  start(): this {
    this.trading.onNews({ kind: 'USER_STREAM', isOpen: true, reason: 'opened' }, this.nowMs);
    this.trading.onTradingState('ACTIVE', false, this.nowMs);
    return this.run(200);
  }

  /** Kills the process and starts a new one with what Redis has, under these settings of risk. */
  restart(risk: Partial<Settings['risk']> = {}): this {
    this.#settings = { ...this.#settings, risk: { ...this.#settings.risk, ...risk } };
    const { positions, orders } = this.trading.positionUpdate(SYMBOL, this.nowMs);
    const answered = this.executions.filter(({ execution_id }) => execution_id.endsWith('#END'));
    this.venue.takeNews();
    this.nowMs += 1_000;
    this.trading = this.#started();
    this.trading.restore({ positions, orders, answered: answered.map(({ signal_id }) => signal_id) }, this.nowMs);
    return this.start();
  }

  /** Kills the process and starts a new one on an empty Redis. */
  loseRedis(): this {
    this.venue.takeNews();
    this.nowMs += 1_000;
    this.trading = this.#started();
    this.trading.restore({ positions: [], orders: [], answered: [] }, this.nowMs);
    return this.start();
  }

  /** Lets time pass in steps of 100 ms. */
  run(ms: number): this {
    for (let passed = 0; passed <= ms; passed += 100) {
      const { bid, ask } = this.venue;
      this.trading.onPrice(SYMBOL, { bid, ask, mark: (bid + ask) / 2 }, this.nowMs);
      this.trading.onTimer(this.nowMs);
      this.settle();
      this.#watchCover();
      if (passed < ms) this.nowMs += 100;
    }
    return this;
  }

  /** Carries commands out and hears the news, until nothing is left. */
  settle(): this {
    for (let rounds = 0; ; rounds += 1) {
      if (rounds > MAX_ROUNDS) throw new Error('commands and answers follow each other without end');
      const commands = this.trading.takeCommands();
      this.commands.push(...commands);
      for (const command of commands) this.venue.carryOut(command, this.nowMs);
      this.executions.push(...this.trading.takeExecutions());
      this.trading.takeChanged();
      const news: VenueNews[] = this.isDeaf ? [] : this.venue.takeNews();
      if (commands.length === 0 && news.length === 0) return this;
      const heard = this.isShuffled ? [...news.toReversed(), ...news] : news;
      for (const each of heard) this.trading.onNews(each, this.nowMs);
    }
  }

  enter(id: string, fields: Partial<TradingSignal> = {}, quantity = 1): this {
    const signal = this.signal(id, { direction: 'LONG', stop_loss: 95, ...fields });
    this.trading.onEntry(this.entry(signal, quantity), this.nowMs);
    return this.settle();
  }

  exit(id: string, fields: Partial<TradingSignal> = {}): this {
    this.trading.onExit(this.signal(id, { direction: 'EXIT_LONG', exit_reason: 'TIME_EXIT', ...fields }), this.nowMs);
    return this.settle();
  }

  entry(signal: TradingSignal, quantity: number): AssessedEntry {
    const isLong = signal.direction === 'LONG';
    return {
      intent: {
        run: RUN,
        signal_id: signal.signal_id,
        symbol: SYMBOL,
        side: isLong ? 'LONG' : 'SHORT',
        purpose: 'ENTRY',
        action: isLong ? 'BUY' : 'SELL',
        order_type: 'MARKET',
        quantity,
        reduce_only: false,
      },
      signal,
      rules: [],
      ts_init: this.nowMs,
    };
  }

  signal(id: string, fields: Partial<TradingSignal>): TradingSignal {
    const { bid, ask } = this.venue;
    const times = { timestamp: this.nowMs, ts_init: this.nowMs };
    return aSignal({ signal_id: id, run: RUN, symbol: SYMBOL, quote: { bid, ask }, ...times, ...fields });
  }

  /** Our signed position, base currency. */
  get position(): number {
    const { positions } = this.trading.positionUpdate(SYMBOL, this.nowMs);
    return positions.reduce((sum, { side, quantity }) => sum + (side === 'LONG' ? quantity : -quantity), 0);
  }

  answersTo(signalId: string): Execution['answer'][] {
    return this.executions.filter(({ signal_id }) => signal_id === signalId).map(({ answer }) => answer);
  }

  #watchCover(): void {
    const { venue } = this;
    const isHealthy =
      !venue.isDown && !this.isDeaf && venue.faults.length === 0 && venue.depth > Math.abs(venue.position);
    const { ours } = ownShareOf(venue.trades, this.#settings.execution.instance);
    this.#bareMs = isHealthy && venue.stops.quantity() < Math.abs(ours) - 1e-9 ? this.#bareMs + 100 : 0;
    this.maxBareMs = Math.max(this.maxBareMs, this.#bareMs);
  }

  #started(): LiveTrading {
    const trading = new LiveTrading({ run: RUN, settings: this.#settings, startedTs: this.nowMs });
    trading.onInstrument(INSTRUMENT);
    return trading;
  }
}
