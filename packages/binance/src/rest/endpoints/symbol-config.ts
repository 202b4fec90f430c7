import { isLoose, isSymbol } from '../../wire/field-checks.ts';
import { badField, type WireFault } from '../../wire/wire-fault.ts';
import { defineEndpoint, parseAccountRows } from '../endpoint.ts';

/** What the account has set on a symbol. */
export interface SymbolConfig {
  readonly symbol: string;
  readonly marginMode: 'ISOLATED' | 'CROSSED';
  readonly leverage: number;
}

/** `GET /fapi/v1/symbolConfig`, signed, of one symbol or of all. Source: developers.binance.com, USDⓈ-M, Symbol Configuration. */
export const getSymbolConfig = defineEndpoint<{ readonly symbol?: string }, readonly SymbolConfig[]>({
  path: '/fapi/v1/symbolConfig',
  query: ({ symbol }) => ({ symbol }),
  weight: () => 5,
  parse: (json) => parseAccountRows('symbolConfig', json, parseConfig),
});

function parseConfig(json: unknown): SymbolConfig | WireFault {
  if (!isLoose(json)) return badField('symbolConfig', 'a row', json);
  const { symbol, marginType, leverage } = json;
  if (!isSymbol(symbol)) return badField('symbolConfig', 'symbol', symbol);
  if (marginType !== 'ISOLATED' && marginType !== 'CROSSED') return badField('symbolConfig', 'marginType', marginType);
  if (!Number.isInteger(leverage) || (leverage as number) < 1) return badField('symbolConfig', 'leverage', leverage);
  return { symbol, marginMode: marginType, leverage: leverage as number };
}
