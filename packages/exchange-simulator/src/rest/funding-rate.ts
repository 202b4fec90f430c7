import type { Listed } from '../listing/listed.ts';
import { ok, type ServedEndpoint } from './endpoint.ts';
import { limitParameter, symbolParameter, windowParameters } from './parameters.ts';
import { invalidSymbol } from './refusal.ts';

const EIGHT_HOURS_MS = 28_800_000;
const USUAL_LIMIT = 100;
const MAX_LIMIT = 1_000;

/**
 * `GET /fapi/v1/fundingRate`: past settlements, oldest first. All have the present rate, because the simulator knows no other. The mark
 * price is the open of the kline at that time, and empty if the klines do not reach back.
 */
export const fundingRate: ServedEndpoint = {
  method: 'GET',
  path: '/fapi/v1/fundingRate',
  pool: 'FUNDING',
  weight: () => 0,
  answer(query, exchange) {
    const symbol = symbolParameter(query);
    if (symbol.kind !== 'VALUE') return symbol;
    const limit = limitParameter(query, USUAL_LIMIT, MAX_LIMIT);
    if (limit.kind !== 'VALUE') return limit;
    const window = windowParameters(query);
    if (window.kind !== 'VALUE') return window;
    const named = symbol.value === undefined ? undefined : exchange.listed(symbol.value);
    if (symbol.value !== undefined && named === undefined) return invalidSymbol();
    const listed = (named === undefined ? exchange.allListed() : [named]).filter(isFunded);
    const { from, to } = window.value;
    const nowTs = exchange.now();
    const times = settlements(Math.min(to ?? nowTs, nowTs), from, limit.value);
    const rows = times.flatMap((ts) =>
      listed.filter(({ contract }) => ts >= contract.onboardDate).map((one) => rowOf(one, ts, nowTs)),
    );
    return ok(from === undefined ? rows.slice(-limit.value) : rows.slice(0, limit.value));
  },
};

/** Settlement times, oldest first: the first `count` from `from` on, or without `from` the last `count`. */
function settlements(to: number, from: number | undefined, count: number): readonly number[] {
  const last = Math.floor(to / EIGHT_HOURS_MS);
  const first = from === undefined ? last - count + 1 : Math.ceil(from / EIGHT_HOURS_MS);
  const length = Math.max(0, Math.min(count, last - first + 1));
  return Array.from({ length }, (_, at) => (first + at) * EIGHT_HOURS_MS);
}

function isFunded({ contract }: Listed): boolean {
  return contract.contractType.endsWith('PERPETUAL');
}

function rowOf({ contract, market }: Listed, ts: number, nowTs: number): Record<string, unknown> {
  const kline = market.klines.klines('4h').find(({ openTs }) => openTs === ts);
  return {
    symbol: contract.symbol,
    fundingRate: market.mark(nowTs)?.fundingRate ?? '0.00010000',
    fundingTime: ts,
    markPrice: kline === undefined ? '' : Number(kline.open).toFixed(8),
    rateType: 'Regular',
  };
}
