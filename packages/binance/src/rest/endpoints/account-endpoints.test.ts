import { describe, expect, test } from 'vitest';
import { tradesSince } from '../../orders/user-trades.ts';
import type { Endpoint } from '../endpoint.ts';
import { accountFees } from './account-fees.ts';
import { accountTotals } from './account-totals.ts';
import { getIncome } from './income.ts';
import { leverageBrackets } from './leverage-brackets.ts';
import { getSymbolConfig } from './symbol-config.ts';
import { postLeverage, postMarginType } from './symbol-settings.ts';

type Body = Readonly<Record<string, unknown>>;

/** A good answer of each endpoint, and the fields that it needs. */
const CASES: readonly {
  readonly name: string;
  readonly endpoint: Endpoint<never, unknown>;
  readonly params?: unknown;
  readonly good: Body;
  readonly isList?: true;
  readonly needed: readonly string[];
}[] = [
  {
    name: 'account',
    endpoint: accountTotals,
    good: {
      ...{ totalWalletBalance: '100', totalUnrealizedProfit: '-1', totalMarginBalance: '99', availableBalance: '50' },
      ...{ totalInitialMargin: '20', totalMaintMargin: '5', totalPositionInitialMargin: '20', assets: [] },
    },
    needed: ['totalWalletBalance', 'totalMarginBalance', 'availableBalance', 'totalMaintMargin'],
  },
  {
    name: 'symbolConfig',
    endpoint: getSymbolConfig,
    isList: true,
    good: { symbol: 'BTCUSDT', marginType: 'ISOLATED', leverage: 5 },
    needed: ['marginType', 'leverage'],
  },
  {
    name: 'commissionRate',
    endpoint: accountFees,
    good: { symbol: 'BTCUSDT', makerCommissionRate: '0.0002', takerCommissionRate: '0.0005' },
    needed: ['symbol', 'makerCommissionRate', 'takerCommissionRate'],
  },
  {
    name: 'income',
    endpoint: getIncome,
    isList: true,
    good: { symbol: '', incomeType: 'TRANSFER', income: '-5', asset: 'USDT', time: 5, tranId: 6, tradeId: '' },
    needed: ['incomeType', 'income', 'asset', 'time', 'tranId'],
  },
  {
    name: 'userTrades',
    endpoint: tradesSince,
    isList: true,
    good: {
      ...{ symbol: 'BTCUSDT', id: 1, orderId: 2, side: 'BUY', price: '5', qty: '1', commission: '0' },
      ...{ commissionAsset: 'USDT', maker: true, time: 3 },
    },
    needed: ['id', 'orderId', 'side', 'price', 'qty', 'commission', 'commissionAsset', 'maker', 'time'],
  },
  { name: 'leverage', endpoint: postLeverage, good: { leverage: 5 }, needed: ['leverage'] },
  { name: 'marginType', endpoint: postMarginType, good: { code: 200, msg: 'success' }, needed: ['code'] },
];

describe.each(CASES)('the answer of $name', ({ endpoint, params, good, isList, needed }) => {
  const parse = (body: Body) => endpoint.parse(isList ? [body] : body, params as never);

  test('is read', () => {
    expect(parse(good)).not.toMatchObject({ kind: 'FAULT' });
  });

  test.each(needed)('without %s, or with an odd one, is a fault that names it', (field) => {
    for (const odd of [undefined, null, Number.NaN, {}, []])
      expect(parse({ ...good, [field]: odd })).toMatchObject({ kind: 'FAULT', detail: expect.stringContaining(field) });
  });
});

test('the answers of lists leave out symbols that Helios cannot trade', () => {
  const row = { marginType: 'CROSSED', leverage: 20 };
  expect(
    getSymbolConfig.parse(
      [
        { ...row, symbol: '币安人生USDT' },
        { ...row, symbol: 'BTCUSDT' },
      ],
      {},
    ),
  ).toEqual([{ symbol: 'BTCUSDT', marginMode: 'CROSSED', leverage: 20 }]);
});

test('a transaction id above 2^53 keeps every digit', () => {
  const row = { symbol: '', incomeType: 'TRANSFER', income: '1', asset: 'USDT', time: 5, tranId: '9007199254740995' };
  expect(getIncome.parse([row], { startTs: 0 })).toMatchObject([{ transactionId: '9007199254740995', tradeId: '' }]);
});

describe('leverage brackets', () => {
  const bracket = { notionalCap: 50_000, maintMarginRatio: 0.004, cum: 0, initialLeverage: 125 };
  const next = { notionalCap: 250_000, maintMarginRatio: 0.005, cum: 50, initialLeverage: 100 };

  test('come lowest first, from a list and from a single object', () => {
    const row = { symbol: 'BTCUSDT', brackets: [next, bracket] };
    const brackets = [
      { notionalCap: 50_000, rate: 0.004, amount: 0, maxLeverage: 125 },
      { notionalCap: 250_000, rate: 0.005, amount: 50, maxLeverage: 100 },
    ];
    expect(leverageBrackets.parse([row], {})).toEqual([{ symbol: 'BTCUSDT', brackets }]);
    expect(leverageBrackets.parse(row, { symbol: 'BTCUSDT' })).toEqual([{ symbol: 'BTCUSDT', brackets }]);
  });

  test.each(Object.keys(bracket))('without %s are a fault', (field) => {
    for (const odd of [undefined, null, Number.NaN, '5', -1]) {
      const row = { symbol: 'BTCUSDT', brackets: [{ ...bracket, [field]: odd }] };
      expect(leverageBrackets.parse([row], { symbol: 'BTCUSDT' })).toMatchObject({ kind: 'FAULT' });
    }
  });

  test('of a contract that cannot be read are left out', () => {
    const rows = [
      { symbol: 'ETHUSDT', brackets: [{}] },
      { symbol: 'BTCUSDT', brackets: [bracket] },
    ];
    expect(leverageBrackets.parse(rows, {})).toMatchObject([{ symbol: 'BTCUSDT' }]);
  });
});
