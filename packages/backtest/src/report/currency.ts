import type { BacktestResult } from '../backtest-result.ts';

const QUOTE = /(?:USDT|USDC|FDUSD|BUSD|USD|EUR|BTC|ETH)$/;

/** The quote currency of the symbols of a result, such as USDT; `USD + USDT` where they differ, which no account can add up. */
export function currencyOf({ prices }: Pick<BacktestResult, 'prices'>): string {
  return quoteCurrenciesOf([...prices.keys()]).join(' + ') || 'USDT';
}

/** The different quote currencies of symbols, sorted. */
export function quoteCurrenciesOf(symbols: readonly string[]): readonly string[] {
  const currencies = symbols.map((symbol) => QUOTE.exec(symbol)?.[0] ?? 'quote currency');
  return [...new Set(currencies)].toSorted();
}
