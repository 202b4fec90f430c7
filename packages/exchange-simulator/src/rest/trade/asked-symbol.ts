import type { Exchange } from '../../exchange.ts';
import { mandatorySymbol, type Parameter, symbolParameter } from '../parameters.ts';
import { invalidSymbol } from '../refusal.ts';

/** A mandatory `symbol` of a listed contract. */
export function listedSymbol(query: URLSearchParams, exchange: Exchange): Parameter<string> {
  const symbol = mandatorySymbol(query);
  if (symbol.kind !== 'VALUE') return symbol;
  return exchange.listed(symbol.value) === undefined ? invalidSymbol() : symbol;
}

/** An optional `symbol` of a listed contract. */
export function optionalListedSymbol(query: URLSearchParams, exchange: Exchange): Parameter<string | undefined> {
  const symbol = symbolParameter(query);
  if (symbol.kind !== 'VALUE' || symbol.value === undefined) return symbol;
  return exchange.listed(symbol.value) === undefined ? invalidSymbol() : symbol;
}
