import { expect, it } from 'vitest';
import { parseVenueJson } from '../rest/venue-json.ts';
import { parseAlgoReport } from './algo-report.ts';
import { parseOrderReport } from './order-report.ts';

const ORDER =
  '{"orderId":9007199300000000001,"symbol":"BTCUSDT","status":"NEW","clientOrderId":"he-1","price":"60000.00","origQty":"0.010","executedQty":"0.000",' +
  '"timeInForce":"GTX","type":"LIMIT","reduceOnly":false,"side":"BUY","positionSide":"BOTH","updateTime":1795980847688}';
const ALGO =
  '{"algoId":4000001912557457,"clientAlgoId":"he-1-s","orderType":"STOP_MARKET","symbol":"BTCUSDT","side":"SELL","quantity":"0.000","algoStatus":"NEW",' +
  '"triggerPrice":"59000.00","closePosition":true,"reduceOnly":true,"actualOrderId":"","updateTime":1795980847828}';

const withField = (text: string, name: string, value: unknown): unknown => ({
  ...(parseVenueJson(text) as object),
  [name]: value,
});

it('F5 reads an acknowledgement without an average price, and every digit of its id', () => {
  expect(parseOrderReport(parseVenueJson(ORDER))).toEqual({
    ...{ symbol: 'BTCUSDT', clientOrderId: 'he-1', venueOrderId: '9007199300000000001', state: 'NEW', side: 'BUY' },
    ...{ price: '60000.00', quantity: '0.010', filledQuantity: '0.000', averagePrice: undefined, reduceOnly: false },
    ...{ tsPlaced: undefined, tsUpdate: 1795980847688 },
  });
});

it('F5 an average price of zero is no price', () => {
  expect(parseOrderReport(withField(ORDER, 'avgPrice', '0.00'))).toMatchObject({ averagePrice: undefined });
  expect(parseOrderReport(withField(ORDER, 'avgPrice', '60000.10'))).toMatchObject({ averagePrice: '60000.10' });
});

it('reads a conditional order that has not triggered, and one that has', () => {
  expect(parseAlgoReport(parseVenueJson(ALGO))).toMatchObject({ algoId: '4000001912557457', venueOrderId: undefined });
  const triggered = withField(ALGO, 'actualOrderId', '9007199300000000002');
  expect(parseAlgoReport(triggered)).toMatchObject({ venueOrderId: '9007199300000000002' });
});

it.each([
  ...[
    'orderId',
    'symbol',
    'status',
    'clientOrderId',
    'price',
    'origQty',
    'executedQty',
    'reduceOnly',
    'side',
    'updateTime',
  ].map((field) => ['order', field, ORDER, parseOrderReport] as const),
  ...[
    'algoId',
    'algoStatus',
    'orderType',
    'symbol',
    'side',
    'quantity',
    'triggerPrice',
    'closePosition',
    'updateTime',
  ].map((field) => ['conditional order', field, ALGO, parseAlgoReport] as const),
])('an answer about an %s without %s is a fault that names it', (_, field, text, parse) => {
  for (const value of [undefined, null, 'NaN', {}, -1]) {
    const read = parse(withField(text, field, value)) as { kind?: string; detail?: string };
    if (field === 'clientOrderId' || field === 'orderType') continue;
    expect([read.kind, read.detail]).toEqual(['FAULT', expect.stringContaining(field)]);
  }
  expect(parse(withField(text, field, undefined))).toMatchObject({
    kind: 'FAULT',
    detail: expect.stringContaining(field),
  });
});
