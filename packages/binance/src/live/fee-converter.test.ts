import { expect, test } from 'vitest';
import { type ChargedTrade, FeeConverter } from './fee-converter.ts';

function converter(): { readonly fees: FeeConverter; readonly warnings: object[] } {
  const warnings: object[] = [];
  const log = { debug() {}, info() {}, warn: (fields: object) => void warnings.push(fields), error() {} };
  return { fees: new FeeConverter(log), warnings };
}

const trade = (commission: string | undefined, commissionAsset: string | undefined): ChargedTrade => ({
  ...{ symbol: 'BTCUSDT', price: '60000', quantity: '0.01', commission, commissionAsset },
});

test.each([
  ['0.3', 'USDT', 0.3],
  ['0.3', 'USDC', 0.3],
  ['0.3', 'BNFCR', 0.3],
  ['-0.06', 'USDT', -0.06],
  ['0', 'BNB', 0],
  [undefined, undefined, 0],
])('%s %s are %d in quote currency', (commission, asset, fee) => {
  expect(converter().fees.inQuote(trade(commission, asset))).toBe(fee);
});

test('the quote currency of a symbol needs no price', () => {
  expect(converter().fees.inQuote({ ...trade('0.00001', 'BTC'), symbol: 'ETHBTC' })).toBe(0.00001);
});

test('L21: a fee in BNB is turned to quote by its price', () => {
  const { fees, warnings } = converter();
  fees.onAsset('BNB');
  expect(fees.assets).toEqual(['BNB']);
  fees.onPrice('BNB', 900);
  expect(fees.inQuote(trade('0.0003', 'BNB'))).toBeCloseTo(0.27, 12);
  expect(warnings).toEqual([]);
});

test('L21: while its price is unknown, the fee is estimated from the value, logged, and the price asked for', () => {
  const { fees, warnings } = converter();
  expect(fees.inQuote(trade('0.0003', 'BNB'))).toBeCloseTo(0.3, 12);
  expect(warnings).toHaveLength(1);
  expect(fees.assets).toEqual(['BNB']);
});
