import type { Fault } from './faults/fault.ts';
import { FaultBoard } from './faults/fault-board.ts';
import { RequestLog } from './limits/request-log.ts';
import { type WeightLimits, WeightMeter } from './limits/weight-meter.ts';
import { type Contract, contractRow } from './listing/contract.ts';
import type { SymbolMarket } from './market/symbol-market.ts';
import type { VenueMarket } from './market/venue-market.ts';

/** A contract with its market. */
export interface Listed {
  readonly contract: Contract;
  readonly market: SymbolMarket;
}

export interface ExchangeOptions {
  readonly contracts: readonly Contract[];
  readonly markets: readonly VenueMarket[];
  /** Under which name the markets know a contract. */
  readonly marketName: (symbol: string) => string;
  readonly limits: WeightLimits;
  readonly nowMs: () => number;
}

/** Everything the simulated venue knows and remembers, in one place. Endpoints read it; orders and streams will join it. */
export class Exchange {
  readonly meter: WeightMeter;
  readonly requests = new RequestLog();
  readonly faults = new FaultBoard();
  readonly #options: ExchangeOptions;
  readonly #contracts: ReadonlyMap<string, Contract>;
  /** Statuses that faults have changed. */
  #statuses = new Map<string, string>();
  #offsetMs = 0;
  /** Contracts that no market knows were left out at the start, so every one has its market here. */
  readonly #marketOf: ReadonlyMap<string, SymbolMarket>;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.meter = new WeightMeter(options.limits);
    const pairs = options.contracts.flatMap((contract): [Contract, SymbolMarket][] => {
      const name = options.marketName(contract.symbol);
      const market = options.markets.map((one) => one.symbol(name)).find((one) => one !== undefined);
      return market === undefined ? [] : [[contract, market]];
    });
    this.#contracts = new Map(pairs.map(([contract]) => [contract.symbol, contract]));
    this.#marketOf = new Map(pairs.map(([contract, market]) => [contract.symbol, market]));
    this.applyFaults();
  }

  /** The server's time, epoch ms. */
  now(): number {
    return this.#options.nowMs() + this.#offsetMs;
  }

  /** The clock underneath, which faults do not move; epoch ms. */
  clock(): number {
    return this.#options.nowMs();
  }

  /** Brings everything to the present. */
  async advance(): Promise<void> {
    this.applyFaults();
    for (const market of this.#options.markets) await market.advance();
  }

  /** A contract that is on the list. */
  listed(symbol: string): Listed | undefined {
    const contract = this.#contracts.get(symbol);
    const market = this.#marketOf.get(symbol);
    const status = this.#statuses.get(symbol) ?? contract?.status;
    if (contract === undefined || market === undefined || status === 'DELISTED') return undefined;
    return { contract: status === undefined ? contract : { ...contract, status }, market };
  }

  allListed(): readonly Listed[] {
    return [...this.#contracts.keys()].flatMap((symbol) => this.listed(symbol) ?? []);
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
        { rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: 1200 },
        { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 300 },
      ],
      exchangeFilters: [],
      assets: ['USDT', 'BTC', 'USDC'].map((asset) => ({ asset, marginAvailable: true, autoAssetExchange: '-100' })),
      symbols: this.allListed().map(({ contract }) => contractRow(contract)),
    };
  }

  /** Why these faults cannot be had here: they are of a symbol that is not on the list. */
  complaintOf(faults: readonly Fault[]): string | undefined {
    const unknown = faults.find((fault) => 'symbol' in fault && !this.#contracts.has(fault.symbol));
    if (unknown === undefined || !('symbol' in unknown)) return undefined;
    return `there is no symbol ${unknown.symbol}. Known: ${[...this.#contracts.keys()].join(', ')}.`;
  }

  /** Carries out the faults that are about the venue as a whole: its clock, its symbols, its prices. */
  applyFaults(): void {
    const standing = this.faults.standing(this.#options.nowMs());
    this.#offsetMs = standing.reduce((sum, fault) => sum + (fault.fault === 'clock' ? fault.offset_ms : 0), 0);
    this.#statuses = new Map(
      standing.flatMap((fault) => (fault.fault === 'symbol' ? [[fault.symbol, fault.status]] : [])),
    );
    for (const market of this.#options.markets) market.setOffset(this.#offsetMs);
    for (const [symbol, contract] of this.#contracts) {
      const status = this.#statuses.get(symbol) ?? contract.status;
      const market = this.#marketOf.get(symbol);
      const isFrozen = standing.some((fault) => fault.fault === 'freeze' && fault.symbol === symbol);
      market?.setStill(status !== 'TRADING' || isFrozen);
      const jump = standing.find((fault) => fault.fault === 'jump' && fault.symbol === symbol);
      market?.setFactor(jump?.fault === 'jump' ? 1 + jump.percent / 100 : 1);
    }
  }
}
