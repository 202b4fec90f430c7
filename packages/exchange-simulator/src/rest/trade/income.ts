import { moneyText } from '@helios/core/matching/money.ts';
import { ok } from '../endpoint.ts';
import { limitParameter, windowParameters } from '../parameters.ts';
import { optionalListedSymbol } from './asked-symbol.ts';
import { signedEndpoint } from './signed-endpoint.ts';

const SEVEN_DAYS_MS = 604_800_000;
const USUAL_LIMIT = 100;
const MAX_LIMIT = 1_000;

/**
 * `GET /fapi/v1/income`, oldest first: from `startTime` on, or without it the newest rows. Without any time the last seven days. The venue
 * removed `page` on 2026-10-16; it is ignored.
 */
export const income = signedEndpoint({
  method: 'GET',
  path: '/fapi/v1/income',
  weight: () => 30,
  answer: ({ query, account, exchange, trading }) => {
    const symbol = optionalListedSymbol(query, exchange);
    if (symbol.kind !== 'VALUE') return symbol;
    const window = windowParameters(query);
    if (window.kind !== 'VALUE') return window;
    const limit = limitParameter(query, USUAL_LIMIT, MAX_LIMIT);
    if (limit.kind !== 'VALUE') return limit;
    const type = query.get('incomeType');
    const { from, to = Number.POSITIVE_INFINITY } = window.value;
    const first = from ?? (window.value.to === undefined ? trading.now() - SEVEN_DAYS_MS : 0);
    const rows = trading.accounts
      .history(account)
      .income()
      .filter((row) => symbol.value === undefined || row.symbol === symbol.value)
      .filter((row) => type === null || row.type === type)
      .filter(({ time }) => time >= first && time <= to);
    const shown = from === undefined ? rows.slice(-limit.value) : rows.slice(0, limit.value);
    return ok(
      shown.map((row) => ({
        symbol: row.symbol,
        incomeType: row.type,
        income: moneyText(row.amount),
        asset: 'USDT',
        time: row.time,
        info: row.info,
        tranId: row.tranId,
        tradeId: row.tradeId,
      })),
    );
  },
});
