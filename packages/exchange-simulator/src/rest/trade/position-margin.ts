import { moneyOf, moneyText } from '@helios/core/matching/money.ts';
import { type IsolatedTransfer, transferIsolated } from '../../trading/isolated-margin.ts';
import type { PositionSide } from '../../trading/order.ts';
import { ok, type ServedEndpoint } from '../endpoint.ts';
import { limitParameter, type Parameter, windowParameters, wordParameter } from '../parameters.ts';
import { illegalCharacters, missing, type Refusal } from '../refusal.ts';
import { listedSymbol } from './asked-symbol.ts';
import { amountNotPositive } from './margin-refusal.ts';
import { wrongPositionSide } from './order-refusal.ts';
import { type Call, signedEndpoint } from './signed-endpoint.ts';

const PATH = '/fapi/v1/positionMargin';
const USUAL_LIMIT = 500;

/** `POST /fapi/v1/positionMargin` adds money to an isolated position or takes it out, `GET …/history` lists these changes. */
export const positionMarginEndpoints: readonly ServedEndpoint[] = [
  signedEndpoint({
    method: 'POST',
    path: PATH,
    weight: () => 1,
    answer: (call) => {
      const transfer = transferOf(call);
      if ('kind' in transfer) return transfer;
      const problem = transferIsolated(call.account, transfer, call.trading);
      if (problem !== undefined) return problem;
      const amount = Number(moneyText(transfer.amount));
      return ok({ amount, code: 200, msg: 'Successfully modify position margin.', type: transfer.type });
    },
  }),
  signedEndpoint({
    method: 'GET',
    path: `${PATH}/history`,
    weight: () => 1,
    answer: ({ query, account, exchange, trading }) => {
      const symbol = listedSymbol(query, exchange);
      if (symbol.kind !== 'VALUE') return symbol;
      const window = windowParameters(query);
      if (window.kind !== 'VALUE') return window;
      const limit = limitParameter(query, USUAL_LIMIT, USUAL_LIMIT);
      if (limit.kind !== 'VALUE') return limit;
      const type = query.get('type');
      const { from = 0, to = Number.POSITIVE_INFINITY } = window.value;
      const changes = trading.accounts
        .history(account)
        .marginChanges()
        .filter((one) => one.symbol === symbol.value && (type === null || type === String(one.type)))
        .filter(({ time }) => time >= from && time <= to);
      return ok(
        changes.slice(-limit.value).map((one) => ({
          symbol: one.symbol,
          type: one.type,
          deltaType: 'USER_ADJUST',
          amount: moneyText(one.amount),
          asset: 'USDT',
          time: one.time,
          positionSide: one.side,
        })),
      );
    },
  }),
];

function transferOf({ query, account, exchange }: Call): IsolatedTransfer | Refusal {
  const symbol = listedSymbol(query, exchange);
  if (symbol.kind !== 'VALUE') return symbol;
  const type = wordParameter(query, 'type', ['1', '2']);
  if (type.kind !== 'VALUE') return type;
  const amount = positiveAmount(query);
  if (amount.kind !== 'VALUE') return amount;
  const side = (query.get('positionSide') ?? 'BOTH') as PositionSide;
  const sides: readonly PositionSide[] = account.isHedge ? ['LONG', 'SHORT'] : ['BOTH'];
  if (!sides.includes(side)) return wrongPositionSide();
  return { symbol: symbol.value, side, type: type.value === '1' ? 1 : 2, amount: amount.value };
}

function positiveAmount(query: URLSearchParams): Parameter<bigint> {
  const text = query.get('amount') ?? '';
  if (text === '') return missing('amount');
  if (!/^-?\d{1,15}(?:\.\d{1,20})?$/.test(text)) return illegalCharacters('amount');
  const value = moneyOf(text);
  return value > 0n ? { kind: 'VALUE', value } : amountNotPositive();
}
