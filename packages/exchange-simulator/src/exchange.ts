import type { AccountStart } from './accounts/account-store.ts';
import type { Fault } from './faults/fault.ts';
import { FaultBoard } from './faults/fault-board.ts';
import { faultComplaint } from './faults/fault-complaint.ts';
import { FillCaps } from './faults/fill-caps.ts';
import { triggerFault } from './faults/trigger-fault.ts';
import { type OrderLimits, OrderMeter } from './limits/order-meter.ts';
import { type PoolLimits, PoolMeter } from './limits/pool-meter.ts';
import { RequestLog } from './limits/request-log.ts';
import { type WeightLimits, WeightMeter } from './limits/weight-meter.ts';
import { type Contract, contractAt, contractRow } from './listing/contract.ts';
import type { Listed } from './listing/listed.ts';
import type { ExchangeMarket } from './market/exchange-market.ts';
import type { SymbolMarket } from './market/symbol-market.ts';
import type { SteppedClock } from './stepped-clock.ts';
import { TradingVenue } from './trading/trading-venue.ts';

export interface ExchangeOptions {
  readonly contracts: readonly Contract[];
  readonly markets: readonly ExchangeMarket[];
  /** The name of a contract in its market. */
  readonly marketName: (symbol: string) => string;
  readonly limits: WeightLimits;
  readonly poolLimits?: Partial<PoolLimits> | undefined;
  /** Limits of orders per account; default: the venue's. */
  readonly orderLimits?: Partial<OrderLimits> | undefined;
  /** Accounts with their keys; none by default. */
  readonly accounts?: readonly AccountStart[] | undefined;
  readonly clock: SteppedClock;
}

/** The whole state of the simulated venue. Endpoints and streams read it. */
export class Exchange {
  readonly meter: WeightMeter;
  readonly pools: PoolMeter;
  readonly orderMeter: OrderMeter;
  readonly requests = new RequestLog();
  readonly faults = new FaultBoard();
  readonly trading: TradingVenue;
  /** The last true answers about positions, for the fault that repeats old ones. */
  readonly lastPositions = new Map<string, unknown>();
  readonly #options: ExchangeOptions;
  readonly #contracts: ReadonlyMap<string, Contract>;
  /** Statuses that faults have changed. */
  #changed = new Map<string, Partial<Contract>>();
  /** Version of the faults that are applied, and server time at which the next contract changes its status. */
  #applied = '';
  #nextDeliveryTs = 0;
  #tickSizes = new Map<string, string>();
  #offsetMs = 0;
  readonly #homeOf = new Map<string, ExchangeMarket>();
  /** Every contract has a market: the start leaves out contracts without one. */
  readonly #marketOf: ReadonlyMap<string, SymbolMarket>;
  readonly #symbolOfStream: ReadonlyMap<string, string>;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.meter = new WeightMeter(options.limits);
    this.pools = new PoolMeter(options.poolLimits);
    this.orderMeter = new OrderMeter(options.orderLimits);
    const pairs = options.contracts.flatMap((contract): [Contract, SymbolMarket][] => {
      const name = options.marketName(contract.symbol);
      const home = options.markets.find((one) => one.symbol(name) !== undefined);
      const market = home?.symbol(name);
      if (home === undefined || market === undefined) return [];
      this.#homeOf.set(contract.symbol, home);
      return [[contract, market]];
    });
    this.#contracts = new Map(pairs.map(([contract]) => [contract.symbol, contract]));
    this.#marketOf = new Map(pairs.map(([contract, market]) => [contract.symbol, market]));
    this.#symbolOfStream = new Map(pairs.map(([{ symbol }]) => [symbol.toLowerCase(), symbol]));
    this.trading = new TradingVenue({
      accounts: options.accounts ?? [],
      listed: (symbol) => this.listed(symbol),
      now: () => this.now(),
      clock: () => this.clock(),
    });
    this.trading.conditional.faultOf = (order) => triggerFault(this, order);
    const fillCaps = new FillCaps(this);
    this.trading.engine.fillCapOf = (order) => fillCaps.of(order);
    this.#followMarkets();
    this.applyFaults();
  }

  /** Lets the accounts react to the clock and to every message of the markets. */
  #followMarkets(): void {
    const symbolOf = new Map([...this.#contracts.keys()].map((symbol) => [this.#options.marketName(symbol), symbol]));
    this.#options.markets[0]?.watch((ms) => this.trading.passTo(ms + this.#offsetMs));
    for (const market of this.#options.markets)
      market.onPlayed((name, message, ts) => {
        const symbol = symbolOf.get(name);
        if (symbol !== undefined && this.#homeOf.get(symbol) === market) this.trading.onMessage(symbol, message, ts);
      });
  }

  /** The server's time, epoch ms. */
  now(): number {
    return this.#options.clock.now() + this.#offsetMs;
  }

  /** The server's time for clients that follow the machine's clock: without steps and speed, but with faults. */
  machineNow(): number {
    return this.#options.clock.base() + this.#offsetMs;
  }

  /** The clock behind the server's time. */
  get time(): SteppedClock {
    return this.#options.clock;
  }

  /** The clock, epoch ms; faults do not move it. */
  clock(): number {
    return this.#options.clock.now();
  }

  /** Plays all markets up to the present. */
  async advance(): Promise<void> {
    if (this.#applied !== this.faults.version(this.clock()) || this.now() >= this.#nextDeliveryTs) this.applyFaults();
    for (const market of this.#options.markets) await market.advance();
  }

  /** A listed contract; undefined if it is not listed. */
  listed(symbol: string): Listed | undefined {
    const market = this.#marketOf.get(symbol);
    const contract = this.#contractNow(symbol);
    return market === undefined || contract === undefined || contract.status === 'DELISTED'
      ? undefined
      : { contract, market };
  }

  /** A contract with the changes of the clock and the faults. */
  #contractNow(symbol: string): Contract | undefined {
    const known = this.#contracts.get(symbol);
    if (known === undefined) return undefined;
    const contract = contractAt(known, this.now());
    const tickSize = this.#tickSizes.get(symbol);
    return {
      ...contract,
      ...this.#changed.get(symbol),
      ...(tickSize === undefined ? {} : { shownTickSize: tickSize }),
    };
  }

  allListed(): readonly Listed[] {
    return [...this.#contracts.keys()].flatMap((symbol) => this.listed(symbol) ?? []);
  }

  /** The markets that play on the clock. */
  get markets(): readonly ExchangeMarket[] {
    return this.#options.markets;
  }

  /** The source market of a contract's prices. */
  homeOf(symbol: string): ExchangeMarket | undefined {
    return this.#homeOf.get(symbol);
  }

  /** The contract of a stream's lower-case name, listed or not. */
  symbolOfStream(name: string): string | undefined {
    return this.#symbolOfStream.get(name);
  }

  /** The present contract of a pair and a type, by default the perpetual; undefined if there is none. */
  ofPair(pair: string, contractType?: string): Listed | undefined {
    return this.allListed().find(
      ({ contract }) =>
        contract.pair === pair &&
        (contractType === undefined
          ? contract.contractType.endsWith('PERPETUAL')
          : contract.contractType === contractType),
    );
  }

  /** How far faults move the server's clock, ms. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** The answer of `exchangeInfo`. */
  exchangeInfo(): unknown {
    return {
      timezone: 'UTC',
      serverTime: this.now(),
      futuresType: 'U_MARGINED',
      rateLimits: [
        {
          rateLimitType: 'REQUEST_WEIGHT',
          interval: 'MINUTE',
          intervalNum: 1,
          limit: this.meter.limits.weightPerMinute,
        },
        { rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: this.orderMeter.limits.perMinute },
        { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: this.orderMeter.limits.perTenSeconds },
      ],
      exchangeFilters: [],
      assets: ['USDT', 'BTC', 'USDC'].map((asset) => ({ asset, marginAvailable: true, autoAssetExchange: '-100' })),
      symbols: this.allListed().map(({ contract }) => contractRow(contract)),
    };
  }

  /** Why the venue refuses these faults; undefined if it does not. */
  complaintOf(faults: readonly Fault[]): string | undefined {
    return faultComplaint(faults, this.#contracts, this.trading.accounts);
  }

  /** Applies the faults of the venue as a whole: its clock, symbols and prices. */
  applyFaults(): void {
    this.#applied = this.faults.version(this.clock());
    const standing = this.faults.standing(this.clock());
    this.#offsetMs = standing.reduce((sum, fault) => sum + (fault.fault === 'clock' ? fault.offset_ms : 0), 0);
    this.#changed = new Map(
      standing.flatMap((fault) => {
        if (fault.fault !== 'symbol') return [];
        const { symbol, status, delivery_ts: deliveryDate } = fault;
        return [[symbol, { status, ...(deliveryDate !== undefined && { deliveryDate }) }]];
      }),
    );
    this.#tickSizes = new Map(
      standing.flatMap((fault) => (fault.fault === 'tick-size' ? [[fault.symbol, fault.tick_size]] : [])),
    );
    for (const market of this.#options.markets) market.setOffset(this.#offsetMs);
    const dates = [...this.#contracts.values()].map(({ deliveryDate }) => deliveryDate);
    this.#nextDeliveryTs = Math.min(...dates.filter((date) => date > this.now()), Number.MAX_SAFE_INTEGER);
    for (const symbol of this.#contracts.keys()) {
      const status = this.#contractNow(symbol)?.status;
      const market = this.#marketOf.get(symbol);
      const eventTime = this.#homeOf.get(symbol)?.nextEventTime;
      if (market === undefined || eventTime === undefined) continue;
      const isFrozen = standing.some((fault) => fault.fault === 'freeze' && fault.symbol === symbol);
      market.setStill(status !== 'TRADING' || isFrozen, eventTime);
      const jump = standing.find((fault) => fault.fault === 'jump' && fault.symbol === symbol);
      market.setFactor(jump?.fault === 'jump' ? 1 + jump.percent / 100 : 1, eventTime);
      this.trading.marketOf(symbol)?.showTickSize(this.#tickSizes.get(symbol));
      this.trading.onPrices(symbol);
    }
  }
}
