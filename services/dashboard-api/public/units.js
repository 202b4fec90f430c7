/** The account's currency: every amount of money on the page. */
export const MONEY = 'USDT';

/** What a price is in: the currency that ends the symbol. */
export const quoteOf = (symbol) => /(USDT|USDC)$/.exec(symbol)?.[0] ?? '';

/** What a quantity is in. */
export const baseOf = (symbol) => symbol.replace(/(USDT|USDC)$/, '');

/** As in the domain's `units.ts`, which a test compares. */
export const GATE_UNITS = {
  BOOK_STALE: 'ms',
  BOOK_HISTORY: 's',
  SPREAD: '%',
  COOLDOWN: 's',
  VOLUME: '× mean',
  VWAP: 'ATR',
  EDGE_VS_COST: '× cost',
};

export const gateUnit = (gate) => GATE_UNITS[gate];

/** What the numbers of a denial are in; undefined where they are no measures. */
export function denialUnit(code, symbol) {
  if (code.startsWith('QUANTITY_')) return baseOf(symbol);
  return code === 'STRATEGY_POSITION_OPEN' ? undefined : quoteOf(symbol);
}
