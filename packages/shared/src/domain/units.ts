import type { RiskRule } from './risk-rule.ts';
import type { GateCode } from './signal.ts';

/** Units of each gate's value and limit. Gates without one use counts, shares, scores or probabilities. */
export const GATE_UNITS: Readonly<Partial<Record<GateCode, string>>> = {
  BOOK_STALE: 'ms',
  BOOK_HISTORY: 's',
  SPREAD: '%',
  COOLDOWN: 's',
  VOLUME: '× mean',
  VWAP: 'σ',
  TARGET: '× cost',
  EDGE_VS_COST: '× cost',
};

/** Units of each risk rule's value and limit. Rules without one use counts. MONEY: quote currency. */
export const RISK_UNITS: Readonly<Partial<Record<RiskRule, string>>> = {
  FREE_MARGIN: '%',
  MAINTENANCE_RATIO: '%',
  COOLDOWN_AFTER_EXIT: 's',
  MAX_DRAWDOWN: '%',
  DAILY_LOSS: '%',
  LOW_PROFIT_SYMBOL: 'MONEY',
  SYMBOL_EXPOSURE: '%',
  TOTAL_EXPOSURE: '%',
  CLUSTER_EXPOSURE: '%',
  STOP_BEYOND_LIQUIDATION: '%',
};

/** The only asset that Helios sizes and margins live positions with. */
export const MARGIN_ASSET = 'USDT';

/** The currency of a contract's prices and money, by its symbol; empty if the symbol names none. */
export const quoteCurrencyOf = (symbol: string): string => /(USDT|USDC)$/.exec(symbol)?.[0] ?? '';

/** The coin that a contract's quantities count, by its symbol. */
export const baseOf = (symbol: string): string => symbol.replace(/(USDT|USDC)$/, '');
