import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseUserEvent } from './parse-user-event.ts';

const DATA = process.env['HELIOS_DATA_DIR'] ?? join(import.meta.dirname, '../../../../../shared/data');
const CAPTURES = join(DATA, 'messages/user_stream_captures.jsonl');
const DOCUMENTED = join(DATA, 'messages/documented');
const hasData = existsSync(CAPTURES);

const FILLED =
  '{"e":"ORDER_TRADE_UPDATE","T":1700000000001,"E":1700000000002,"o":{"s":"BTCUSDT","c":"he-1","S":"SELL","o":"MARKET","f":"GTC","q":"0.002","p":"0",' +
  '"ap":"90000.10000","sp":"0","x":"TRADE","X":"FILLED","i":9007199300000000001,"l":"0.002","z":"0.002","L":"90000.10","n":"0.09000010","N":"USDT",' +
  '"T":1700000000001,"t":77,"b":"0","a":"0","m":false,"R":true,"wt":"CONTRACT_PRICE","ot":"STOP_MARKET","ps":"BOTH","cp":false,"rp":"-1.77","pP":false,"si":2148719}}';

it('reads a fill with every digit of its ids', () => {
  expect(parseUserEvent(FILLED)).toEqual({
    kind: 'ORDER_UPDATE',
    symbol: 'BTCUSDT',
    clientOrderId: 'he-1',
    venueOrderId: '9007199300000000001',
    execution: 'TRADE',
    state: 'FILLED',
    side: 'SELL',
    positionSide: 'BOTH',
    price: undefined,
    quantity: '0.002',
    filledQuantity: '0.002',
    averagePrice: '90000.10000',
    reduceOnly: true,
    trade: {
      tradeId: '77',
      price: '90000.10',
      quantity: '0.002',
      commission: '0.09000010',
      commissionAsset: 'USDT',
      realisedPnl: '-1.77',
      isMaker: false,
    },
    algoId: '2148719',
    tsEvent: 1700000000001,
    tsSent: 1700000000002,
  });
});

it('reads the same in the wrapper of a combined stream', () => {
  expect(parseUserEvent(`{"stream":"key","data":${FILLED}}`)).toEqual(parseUserEvent(FILLED));
});

it('leaves out orders and positions in symbols with other letters', () => {
  expect(parseUserEvent(FILLED.replace('BTCUSDT', '币安人生USDT'))).toEqual({
    kind: 'OTHER',
    event: 'ORDER_TRADE_UPDATE',
  });
  const position = { ps: 'BOTH', pa: '1', ep: '5' };
  const P = [
    { s: '币安人生USDT', ...position },
    { s: 'BTCUSDT', ...position },
  ];
  const update = parseUserEvent(JSON.stringify({ e: 'ACCOUNT_UPDATE', T: 1, E: 2, a: { m: 'ORDER', B: [], P } }));
  expect(update).toMatchObject({ kind: 'ACCOUNT_UPDATE', positions: [{ symbol: 'BTCUSDT' }] });
});

it('says when the listen key ended, and leaves other events alone', () => {
  expect(parseUserEvent('{"e":"listenKeyExpired","E":1700000000000,"listenKey":"k"}')).toMatchObject({
    kind: 'LISTEN_KEY_EXPIRED',
  });
  expect(parseUserEvent('{"e":"TRADE_LITE"}')).toEqual({ kind: 'OTHER', event: 'TRADE_LITE' });
});

it('a text with a missing or odd field is a fault that names the field, and never an exception', () => {
  const fields = Object.keys(JSON.parse(FILLED).o).filter((name) => /^[sciSxXpqzRlLtrm]$|^ap$|^ps$|^rp$/.test(name));
  for (const field of fields) {
    for (const value of [undefined, null, {}, [], 'NaN', '-']) {
      const message = JSON.parse(FILLED);
      message.o[field] = value;
      const read = parseUserEvent(JSON.stringify(message));
      if (read.kind === 'FAULT') expect(read.detail).toContain(field);
      else expect([field, typeof value]).toEqual([field, 'string']);
    }
  }
});

it('no damaged text makes it throw', () => {
  fc.assert(
    fc.property(fc.nat(FILLED.length), fc.string({ maxLength: 5 }), (at, junk) => {
      const text = FILLED.slice(0, at) + junk + FILLED.slice(at + junk.length);
      expect(typeof parseUserEvent(text).kind).toBe('string');
    }),
  );
});

describe.skipIf(!hasData)('messages of the venue', () => {
  const captured = hasData ? readFileSync(CAPTURES, 'utf8').trim().split('\n') : [];

  test('every captured user event of USDⓈ-M is read', () => {
    const kinds = captured
      .map((line) => parseUserEvent(JSON.stringify(JSON.parse(line).msg)))
      .map((event) => (event.kind === 'FAULT' ? event.detail : event.kind));
    expect(new Set(kinds)).toEqual(new Set(['OTHER', 'ORDER_UPDATE', 'ACCOUNT_UPDATE']));
  });

  test('the captured round trip changes the wallet by PnL minus commissions', () => {
    const events = captured.slice(0, 8).map((line) => parseUserEvent(JSON.stringify(JSON.parse(line).msg)));
    const wallets = events.flatMap((event) => (event.kind === 'ACCOUNT_UPDATE' ? event.balances : []));
    const trades = events.flatMap((event) => (event.kind === 'ORDER_UPDATE' ? (event.trade ?? []) : []));
    expect(wallets.map(({ walletBalance }) => walletBalance)).toEqual(['642.76097079', '640.89671759']);
    expect(trades.map(({ realisedPnl, commission }) => [realisedPnl, commission])).toEqual([
      ['0', '0.09173990'],
      ['-1.77340000', '0.09085320'],
    ]);
    expect(642.76097079 - 1.7734 - 0.0908532).toBeCloseTo(640.89671759, 8);
  });

  test('every documented order, account and algo event is read', () => {
    const names = readdirSync(DOCUMENTED).filter((name) => /^(order_update|account_update|algo_update)/.test(name));
    const faults = names.flatMap((name) => {
      const event = parseUserEvent(readFileSync(join(DOCUMENTED, name), 'utf8'));
      return event.kind === 'FAULT' ? [`${name}: ${event.detail}`] : [];
    });
    expect(faults).toEqual([]);
    expect(names.length).toBeGreaterThan(8);
  });
});
