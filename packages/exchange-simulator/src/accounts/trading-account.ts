import { FLAT, type Holding } from '@helios/core/matching/holding.ts';
import type { PositionSide } from '../trading/order.ts';

/** A position of an account. */
export interface Position {
  readonly symbol: string;
  readonly side: PositionSide;
  readonly holding: Holding;
  /** Money set aside for an isolated position; 0 if it is crossed. */
  readonly isolatedWallet: bigint;
  /** Realised PnL so far, money; the venue's `cr`. */
  readonly realised: bigint;
  readonly updateTime: number;
}

export type MarginType = 'CROSSED' | 'ISOLATED';

/** Commission in units of 1e-6: 500 is 0.05 %. */
export interface CommissionRates {
  readonly maker: bigint;
  readonly taker: bigint;
}

/** One row of `userTrades`. */
export interface AccountTrade {
  readonly id: number;
  readonly orderId: bigint;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly positionSide: PositionSide;
  /** Ticks and steps. */
  readonly price: number;
  readonly quantity: number;
  readonly value: bigint;
  readonly commission: bigint;
  readonly realised: bigint;
  readonly isMaker: boolean;
  readonly time: number;
}

/** One row of `income`. */
export interface Income {
  readonly symbol: string;
  readonly type: 'REALIZED_PNL' | 'COMMISSION' | 'FUNDING_FEE' | 'TRANSFER' | 'INSURANCE_CLEAR';
  readonly amount: bigint;
  readonly info: string;
  readonly time: number;
  readonly tranId: number;
  readonly tradeId: string;
}

/** One row of `positionMargin/history`. */
export interface MarginChange {
  readonly symbol: string;
  readonly side: PositionSide;
  /** 1 adds money to the isolated wallet, 2 takes it out. */
  readonly type: 1 | 2;
  readonly amount: bigint;
  readonly time: number;
}

const SIDES: readonly PositionSide[] = ['BOTH', 'LONG', 'SHORT'];
const DEFAULT_LEVERAGE = 20;

/** The money, positions and settings of one account; only USDT is a margin asset. */
export class TradingAccount {
  readonly id: string;
  /** Money of the whole wallet: start + realised PnL − commission + funding + transfers. */
  wallet: bigint;
  readonly rates: CommissionRates;
  readonly #openedTs: number;
  isHedge = false;
  isMultiAssets = false;
  paysFeesInBnb = false;
  readonly #positions = new Map<string, Position>();
  readonly #leverage = new Map<string, number>();
  readonly #marginTypes = new Map<string, MarginType>();

  /** @param openedTs time of the first deposit, epoch ms */
  constructor(id: string, wallet: bigint, rates: CommissionRates, openedTs: number) {
    this.id = id;
    this.wallet = wallet;
    this.rates = rates;
    this.#openedTs = openedTs;
  }

  /** Every position that is or was open, in order of first use. */
  positions(): readonly Position[] {
    return [...this.#positions.values()];
  }

  position(symbol: string, side: PositionSide): Position {
    return (
      this.#positions.get(`${symbol}|${side}`) ?? {
        ...{ symbol, side, holding: FLAT, isolatedWallet: 0n, realised: 0n, updateTime: 0 },
      }
    );
  }

  setPosition(position: Position): void {
    this.#positions.set(`${position.symbol}|${position.side}`, position);
  }

  /** True if any side of the symbol is open. */
  holds(symbol: string): boolean {
    return SIDES.some((side) => (this.#positions.get(`${symbol}|${side}`)?.holding.steps ?? 0) !== 0);
  }

  /** Wallet that the crossed positions share, money. */
  get crossWallet(): bigint {
    return this.positions().reduce((rest, { isolatedWallet }) => rest - isolatedWallet, this.wallet);
  }

  /** Time of the last change of the account. Never 0: ccxt ignores the balance of an asset that never changed. */
  get updateTime(): number {
    return this.positions().reduce((last, { updateTime }) => Math.max(last, updateTime), this.#openedTs);
  }

  leverage(symbol: string): number {
    return this.#leverage.get(symbol) ?? DEFAULT_LEVERAGE;
  }

  setLeverage(symbol: string, leverage: number): void {
    this.#leverage.set(symbol, leverage);
  }

  marginType(symbol: string): MarginType {
    return this.#marginTypes.get(symbol) ?? 'CROSSED';
  }

  setMarginType(symbol: string, type: MarginType): void {
    this.#marginTypes.set(symbol, type);
  }

  /** Settings that differ from the default, for the state file. */
  get settings(): { readonly leverage: [string, number][]; readonly marginTypes: [string, MarginType][] } {
    return { leverage: [...this.#leverage], marginTypes: [...this.#marginTypes] };
  }
}
