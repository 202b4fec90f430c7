import type { MarketSource } from '@helios/market-data/source.ts';
import type { AccountStart, ApiKey } from './accounts/account-store.ts';
import type { FaultInput } from './faults/fault.ts';
import type { ServerPlace } from './http/faulty-server.ts';
import type { OrderLimits } from './limits/order-meter.ts';
import type { PoolLimits } from './limits/pool-meter.ts';
import type { WeightLimits } from './limits/weight-meter.ts';
import type { ContractInput } from './listing/contract.ts';
import type { StreamLimits } from './streams/stream-limits.ts';
import type { Route } from './streams/stream-name.ts';

/** Source of the prices. */
export type MarketInput =
  | {
      readonly kind: 'generator';
      readonly seed?: number;
      readonly symbols?: readonly string[];
      /** Depth updates per second and symbol, 1..50; default 5. */
      readonly updatesPerSecond?: number;
      readonly startPrices?: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'recordings'; readonly files: readonly string[] }
  | { readonly kind: 'source'; readonly source: MarketSource };

export interface ExchangeStart extends ServerPlace {
  readonly market: MarketInput;
  /** The venue's clock, epoch ms; default: the machine's. With a settable clock the market moves only with it. */
  readonly nowMs?: () => number;
  /** Listed contracts; default: the market's symbols as USDT perpetuals. Symbols outside the market are generated. */
  readonly contracts?: readonly ContractInput[];
  /** More listed contracts, for example TRAP_CONTRACTS. */
  readonly moreContracts?: readonly ContractInput[];
  readonly limits?: Partial<WeightLimits>;
  /** Limits of request pools; default: the venue's. */
  readonly poolLimits?: Partial<PoolLimits>;
  /** Orders per account and window; default: the venue's. */
  readonly orderLimits?: Partial<OrderLimits>;
  /** Key of an account of 10,000 USDT; without a key or accounts every key is refused. */
  readonly key?: ApiKey;
  /** More accounts. */
  readonly accounts?: readonly AccountStart[];
  /** Market ms per ms of the venue's clock; default 1. */
  readonly speed?: number;
  /** Venue ms per ms of `nowMs`; default 1. Everything follows: market, streams, funding, expiries, limits. */
  readonly timeSpeed?: number;
  /** What happens at a recording's end; default: repeat. */
  readonly atEnd?: 'repeat' | 'hold';
  /** Market ms played before the first request, so that there are books and trades; default 10,000. */
  readonly leadMs?: number;
  /** Klines from before the start if the source, such as a recording, has none; default: none. */
  readonly past?: 'none' | 'made-up';
  /** File in which the accounts survive the end of the process; created if it is missing. */
  readonly state?: string;
  readonly faults?: readonly FaultInput[];
  /** Routes that deliver `@trade`; default: public and legacy. */
  readonly tradeRoutes?: readonly Route[];
  /** Limits of a stream connection; default: the venue's. */
  readonly streams?: Partial<StreamLimits>;
}
