import type { Listed } from '../exchange.ts';
import { mergerFields } from '../listing/contract.ts';
import { sumOf } from '../market/candle.ts';
import { decimalsOf } from '../market/price-scale.ts';
import { type Endpoint, ok } from './endpoint.ts';
import { symbolParameter } from './parameters.ts';
import { invalidSymbol, unavailable } from './refusal.ts';

const DAY_MS = 86_400_000;

/** `GET /fapi/v1/ticker/24hr`: one symbol, or without one every symbol that is TRADING. */
export const ticker24hr: Endpoint = {
  method: 'GET',
  path: '/fapi/v1/ticker/24hr',
  weight: (query) => (query.has('symbol') ? 1 : 40),
  answer(query, exchange) {
    const symbol = symbolParameter(query);
    if (symbol.kind !== 'VALUE') return symbol;
    const nowTs = exchange.now();
    if (symbol.value === undefined) {
      const trading = exchange.allListed().filter(({ contract }) => contract.status === 'TRADING');
      return ok(trading.flatMap((listed) => rowOf(listed, nowTs) ?? []));
    }
    const listed = exchange.listed(symbol.value);
    if (listed === undefined) return invalidSymbol();
    const row = rowOf(listed, nowTs);
    return row === undefined ? unavailable() : ok(row);
  },
};

function rowOf({ contract, market }: Listed, nowTs: number): Record<string, unknown> | undefined {
  market.advanceCandles(nowTs);
  const day = market.candles.candles('15m').filter((candle) => candle.openTs > nowTs - DAY_MS);
  const first = day[0];
  const last = market.lastPrice;
  if (first === undefined || last === undefined) return undefined;
  const [open, close] = [Number(first.open), Number(last)];
  const volume = sumOf(day.map((candle) => candle.volume));
  const quoteVolume = sumOf(day.map((candle) => candle.quoteVolume));
  const trades = day.reduce((sum, candle) => sum + candle.trades, 0);
  const newest = market.tape.last;
  const decimals = decimalsOf(last);
  return {
    symbol: contract.symbol,
    priceChange: (close - open).toFixed(decimals),
    priceChangePercent: (((close - open) / open) * 100).toFixed(3),
    weightedAvgPrice: (Number(volume) === 0 ? close : Number(quoteVolume) / Number(volume)).toFixed(decimals),
    lastPrice: last,
    lastQty: newest?.qty ?? '0',
    openPrice: first.open,
    highPrice: day.reduce((best, { high }) => (Number(high) > Number(best) ? high : best), first.high),
    lowPrice: day.reduce((best, { low }) => (Number(low) < Number(best) ? low : best), first.low),
    volume,
    quoteVolume,
    openTime: first.openTs,
    closeTime: newest?.time ?? nowTs,
    firstId: (newest?.id ?? 0) - trades + 1,
    lastId: newest?.id ?? 0,
    count: trades,
    ...mergerFields(contract),
  };
}
