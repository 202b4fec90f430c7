/** The account's currency: every amount of money on the page. */
export const MONEY = 'USDT';

/** The unit of a price: the currency at the end of the symbol. */
export const quoteOf = (symbol) => /(USDT|USDC)$/.exec(symbol)?.[0] ?? '';

/** The unit of a quantity. */
export const baseOf = (symbol) => symbol.replace(/(USDT|USDC)$/, '');

/** As in the domain's `units.ts`, which a test compares. */
export const GATE_UNITS = {
  BOOK_STALE: 'ms',
  BOOK_HISTORY: 's',
  SPREAD: '%',
  COOLDOWN: 's',
  VOLUME: '× mean',
  VWAP: 'σ',
  TARGET: '× cost',
  EDGE_VS_COST: '× cost',
};

/** As in the domain's `units.ts`, which a test compares. MONEY: the symbol's quote currency. */
export const RISK_UNITS = {
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

/** Denials whose numbers are counts, and denials without meaningful numbers. */
const COUNTED = ['STOP_LOSS_GUARD', 'MAX_OPEN_POSITIONS'];
const WITHOUT_NUMBERS = ['STRATEGY_POSITION_OPEN', 'MARGIN_UNKNOWN', 'STOP_MISSING'];

export const gateUnit = (gate) => GATE_UNITS[gate];

/** The unit of a denial's numbers; '' for counts, undefined if the numbers have no meaning. */
export function denialUnit(code, symbol) {
  if (code.startsWith('QUANTITY_')) return baseOf(symbol);
  if (WITHOUT_NUMBERS.includes(code)) return undefined;
  if (COUNTED.includes(code)) return '';
  const unit = RISK_UNITS[code] ?? 'MONEY';
  return unit === 'MONEY' ? quoteOf(symbol) : unit;
}
