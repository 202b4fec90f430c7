import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exchange } from '../exchange.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { SiteControl } from './control-handler.ts';

const LEVELS = 10;
const HTML = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'",
};

/** `GET /`: a page that shows book, accounts, orders and faults. `GET /control/book?symbol=S`: the best levels, for that page. */
export function pageControl(exchange: Exchange): SiteControl {
  const body = readFileSync(join(import.meta.dirname, '../page/page.html'));
  return [
    { method: 'GET', path: '/', answer: () => ({ status: 200, headers: HTML, body }) },
    { method: 'GET', path: '/control/book', answer: ({ query }) => book(exchange, query.get('symbol')) },
  ];
}

function book(exchange: Exchange, asked: string | null): Reply {
  const symbols = exchange.allListed().map(({ contract }) => contract.symbol);
  const symbol = asked ?? symbols[0] ?? '';
  const market = exchange.listed(symbol)?.market;
  if (market === undefined)
    return jsonReply(404, { error: `There is no symbol ${symbol}. Known: ${symbols.join(', ')}.` });
  const { bids = [], asks = [] } = market.book(LEVELS) ?? {};
  return jsonReply(200, { symbol, symbols, mark_price: market.mark(exchange.now())?.markPrice, bids, asks });
}
