import { isLoose } from '../../wire/field-checks.ts';
import { badField, type WireFault } from '../../wire/wire-fault.ts';
import { defineEndpoint, isFault, parseEveryRow } from '../endpoint.ts';

/** One leverage bracket: a notional up to `notionalCap` needs a maintenance margin of `notional × rate − amount`. */
export interface LeverageBracket {
  readonly notionalCap: number;
  readonly rate: number;
  readonly amount: number;
  readonly maxLeverage: number;
}

/** `GET /fapi/v1/leverageBracket`, signed: the brackets of one symbol, lowest first. Source: developers.binance.com, Notional and Leverage Brackets. */
export const leverageBrackets = defineEndpoint<{ readonly symbol: string }, readonly LeverageBracket[]>({
  path: '/fapi/v1/leverageBracket',
  query: ({ symbol }) => ({ symbol }),
  weight: () => 1,
  parse(json, { symbol }) {
    // The venue documents a single object for one symbol, and sends a list.
    const rows: readonly unknown[] = Array.isArray(json) ? json : [json];
    const row = rows.find((one) => isLoose(one) && one['symbol'] === symbol);
    if (!isLoose(row)) return badField('leverageBracket', 'symbol', symbol);
    const brackets = parseEveryRow('leverageBracket', row['brackets'], parseBracket);
    if (isFault(brackets)) return brackets;
    return brackets.toSorted((a, b) => a.notionalCap - b.notionalCap);
  },
});

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
