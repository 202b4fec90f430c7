import { isLoose, isSymbol } from '../../wire/field-checks.ts';
import { badField, type WireFault } from '../../wire/wire-fault.ts';
import { defineEndpoint, isFault, parseEveryRow } from '../endpoint.ts';

/** One leverage bracket: a notional up to `notionalCap` needs a maintenance margin of `notional × rate − amount`. */
export interface LeverageBracket {
  readonly notionalCap: number;
  readonly rate: number;
  readonly amount: number;
  readonly maxLeverage: number;
}

/** The brackets of one symbol, lowest first. */
export interface SymbolBrackets {
  readonly symbol: string;
  readonly brackets: readonly LeverageBracket[];
}

/** `GET /fapi/v1/leverageBracket`, signed, of one symbol or of all. Source: developers.binance.com, Notional and Leverage Brackets. */
export const leverageBrackets = defineEndpoint<{ readonly symbol?: string }, readonly SymbolBrackets[]>({
  path: '/fapi/v1/leverageBracket',
  query: ({ symbol }) => ({ symbol }),
  weight: () => 1,
  parse(json) {
    // The venue documents a single object for one symbol, and sends a list.
    const rows = (Array.isArray(json) ? json : [json]).map(parseRow);
    const readable = rows.flatMap((row) => (isFault(row) ? [] : [row]));
    // One odd contract among hundreds must not hide the others; without brackets nothing is entered there.
    return readable.length > 0 ? readable : (rows.find(isFault) ?? []);
  },
});

function parseRow(json: unknown): SymbolBrackets | WireFault {
  if (!isLoose(json)) return badField('leverageBracket', 'a row', json);
  const { symbol } = json;
  if (!isSymbol(symbol)) return badField('leverageBracket', 'symbol', symbol);
  const brackets = parseEveryRow('leverageBracket', json['brackets'], parseBracket);
  if (isFault(brackets)) return brackets;
  return { symbol, brackets: brackets.toSorted((a, b) => a.notionalCap - b.notionalCap) };
}

function parseBracket(json: unknown): LeverageBracket | WireFault {
  if (!isLoose(json)) return badField('leverageBracket', 'a bracket', json);
  const { notionalCap, maintMarginRatio: rate, cum: amount, initialLeverage: maxLeverage } = json;
  if (!isFigure(notionalCap) || notionalCap <= 0) return badField('leverageBracket', 'notionalCap', notionalCap);
  if (!isFigure(rate)) return badField('leverageBracket', 'maintMarginRatio', rate);
  if (!isFigure(amount)) return badField('leverageBracket', 'cum', amount);
  if (!isFigure(maxLeverage) || maxLeverage < 1) return badField('leverageBracket', 'initialLeverage', maxLeverage);
  return { notionalCap, rate, amount, maxLeverage };
}

function isFigure(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
