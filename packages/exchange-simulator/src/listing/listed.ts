import type { SymbolMarket } from '../market/symbol-market.ts';
import type { Contract } from './contract.ts';

/** A listed contract with its market. */
export interface Listed {
  readonly contract: Contract;
  readonly market: SymbolMarket;
}
