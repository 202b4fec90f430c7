import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { parseFrame, type VenueMessage } from '../src/parse-frame.ts';

const data = process.env['HELIOS_DATA_DIR'] ?? join(import.meta.dirname, '../../../../shared/data');
const messages = join(data, 'messages');

function documented(name: string): VenueMessage {
  return parseFrame(readFileSync(join(messages, 'documented', `${name}.json`), 'utf8'));
}

function captured(file: string): { test: string; message: VenueMessage }[] {
  const lines = readFileSync(join(messages, file), 'utf8').trim().split('\n');
  return lines.map((line) => {
    const row: { exchange?: string; test: string; msg: unknown } = JSON.parse(line);
    return { test: `${row.exchange ?? ''} ${row.test}`, message: parseFrame(JSON.stringify(row.msg), 'BTCUSDT') };
  });
}

function countKinds(file: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of gunzipSync(readFileSync(join(data, 'depth', file)))
    .toString()
    .trim()
    .split('\n')) {
    const message = parseFrame(line.slice(line.indexOf(' ') + 1), 'BTCUSDT');
    const kind = message.kind === 'FAULT' ? message.detail : message.kind;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

describe.skipIf(!existsSync(messages))('messages as the venue documents them', () => {
  test('each is parsed', () => {
    expect(documented('depth_update_stream')).toMatchObject({ kind: 'DEPTH_UPDATE', previousUpdateId: 149 });
    expect(documented('book_ticker_stream')).toMatchObject({
      kind: 'BOOK_TICKER',
      bid: ['25.35190000', '31.21000000'],
    });
    expect(documented('agg_trade_stream')).toMatchObject({ kind: 'TRADE', stream: 'aggTrade', tradeId: 5933014 });
    expect(documented('trade_stream')).toMatchObject({ kind: 'TRADE', stream: 'trade', tradeId: 5933014 });
    expect(documented('mark_price_stream')).toMatchObject({ kind: 'MARK_PRICE', fundingRate: '0.00038167' });
    expect(documented('kline_stream_closed')).toMatchObject({ kind: 'KLINE', isClosed: true, closeTs: 1638747719999 });
    expect(documented('kline_stream_open')).toMatchObject({ kind: 'KLINE', isClosed: false });
    for (const other of [
      'ticker_stream',
      'liquidation_stream',
      'order_update_new',
      'account_update',
      'algo_update_new',
    ]) {
      expect(documented(other), other).toMatchObject({ kind: 'IGNORED' });
    }
  });
});

describe.skipIf(!existsSync(messages))('captured messages', () => {
  test('those of USDⓈ-M streams are parsed', () => {
    const kinds = new Map(
      captured('crypto_msg_parser_binance_messages.jsonl').map((row) => [row.test.trim(), row.message.kind]),
    );
    expect(kinds.get('trade::linear_swap')).toBe('TRADE');
    expect(kinds.get('funding_rate::linear_swap')).toBe('MARK_PRICE');
    expect(kinds.get('l2_event::linear_swap')).toBe('DEPTH_UPDATE');
    expect(kinds.get('l2_topk::linear_swap')).toBe('IGNORED');
    expect(kinds.get('bbo::linear_swap')).toBe('BOOK_TICKER');
    expect(kinds.get('ticker::linear_swap')).toBe('IGNORED');
    expect(kinds.get('l2_snapshot::linear_swap')).toBe('DEPTH_SNAPSHOT');
  });

  test('spot depth, which has no pu, is a fault', () => {
    const spot = captured('tardis_node_binance_messages.jsonl').filter((row) => row.test.startsWith('binance map'));
    expect(spot.some((row) => row.message.kind === 'FAULT' && row.message.detail.startsWith('depthUpdate'))).toBe(true);
    expect(spot.some((row) => row.message.kind === 'DEPTH_UPDATE')).toBe(false);
  });
});

describe.skipIf(!existsSync(join(data, 'depth')))('recorded sessions', () => {
  test('every line is a known message, in the recorded numbers', () => {
    expect(countKinds('usdm_btcusdt_20230404.dat.gz')).toMatchObject({ DEPTH_SNAPSHOT: 1 });
    const parts = ['usdm_btcusdt_20240718.gz', 'usdm_btcusdt_20240719.gz'].map(countKinds);
    const total = (kind: string): number => parts.reduce((sum, part) => sum + (part[kind] ?? 0), 0);
    expect(new Set(parts.flatMap((part) => Object.keys(part)))).toEqual(
      new Set(['DEPTH_UPDATE', 'DEPTH_SNAPSHOT', 'BOOK_TICKER', 'TRADE']),
    );
    expect([total('DEPTH_UPDATE'), total('BOOK_TICKER'), total('TRADE')]).toEqual([9_022, 52_260, 10_701]);
  });

  test('streams of small coins with longer intervals work too', () => {
    const lines = gunzipSync(readFileSync(join(data, 'depth/cryptofeed_2021/BINANCE_FUTURES.ws.1.0.gz'))).toString();
    const kinds = new Set<string>();
    for (const line of lines.trim().split('\n').slice(1))
      kinds.add(parseFrame(line.slice(line.indexOf(': ') + 2)).kind);
    expect(kinds).toEqual(new Set(['BOOK_TICKER', 'DEPTH_UPDATE', 'TRADE', 'KLINE']));
  });
});
