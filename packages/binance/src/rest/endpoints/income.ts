import { idText } from '../../orders/order-report.ts';
import { isLoose, isSignedDecimal, isWhole } from '../../wire/field-checks.ts';
import { badField, type WireFault } from '../../wire/wire-fault.ts';
import { defineEndpoint, parseEveryRow } from '../endpoint.ts';

/** One line of the income history. */
export interface IncomeRow {
  /** Empty for the whole account. */
  readonly symbol: string;
  readonly incomeType: string;
  /** The venue's decimal text; negative: paid. */
  readonly income: string;
  readonly asset: string;
  readonly tsEvent: number;
  /** Unique among the rows of one type. */
  readonly transactionId: string;
  /** Empty if no trade caused it. */
  readonly tradeId: string;
}

/** The venue's most rows in one answer. */
export const MAX_INCOME_ROWS = 1_000;

/**
 * `GET /fapi/v1/income`, signed: rows from `startTs` on (epoch ms, inclusive), oldest first. The venue removed `page` on 2026-10-16.
 * Source: developers.binance.com, USDⓈ-M, Get Income History.
 */
export const getIncome = defineEndpoint<{ readonly startTs: number }, readonly IncomeRow[]>({
  path: '/fapi/v1/income',
  query: ({ startTs }) => ({ startTime: startTs, limit: MAX_INCOME_ROWS }),
  weight: () => 30,
  parse: (json) => parseEveryRow('income', json, parseRow),
});

function parseRow(json: unknown): IncomeRow | WireFault {
  const bad = (field: string, value: unknown): WireFault => badField('income', field, value);
  if (!isLoose(json)) return bad('a row', json);
  const { symbol, incomeType, income: amount, asset, time, tranId, tradeId } = json;
  const transactionId = idText(tranId);
  if (symbol !== undefined && typeof symbol !== 'string') return bad('symbol', symbol);
  if (typeof incomeType !== 'string') return bad('incomeType', incomeType);
  if (!isSignedDecimal(amount)) return bad('income', amount);
  if (typeof asset !== 'string') return bad('asset', asset);
  if (!isWhole(time)) return bad('time', time);
  if (transactionId === undefined) return bad('tranId', tranId);
  return {
    ...{ symbol: symbol ?? '', incomeType, income: amount, asset, tsEvent: time, transactionId },
    tradeId: idText(tradeId) ?? '',
  };
}
